"""Shares: which versions share the traffic of a name; every change is told to gateways by new orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from muster.lifecycle.desk.action import action, view
from muster.lifecycle.desk.asking import find_version
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.posture.sent import newest, sent
from muster.lifecycle.desk.posture.stops import require_running, stopped_in
from muster.lifecycle.serve.lapses import stands
from muster.lifecycle.serve.offers import offer
from muster.lifecycle.serve.orders import OPERATORS, issued, state_of
from muster.lifecycle.serve.traffic.arms import arm_of, release_of, require_alike
from muster.records.release import Buckets, Deployment, Orders, Part
from muster.rules.traffic.sharing import ON_TRIAL, allot, buckets_in, tried_on


@dataclass(frozen=True, slots=True)
class TrafficLine:
    """A version under a name, and how its release stands."""

    name: str
    part: str
    version: str
    share: float
    """Of the people whom it answers; of a shadow, of the requests that it sees."""
    state: str
    """As its release stands; ``stopped`` where people stopped the deployment."""
    reasons: tuple[str, ...]


@action("traffic set", roles=OPERATORS)
def share(
    context: Context,
    name: str,
    champion: str = "",
    challenger: tuple[str, ...] = (),
    shadow: tuple[str, ...] = (),
    routing: str | None = None,
    group: str = "default",
) -> Orders:
    """Say which versions share the traffic of a deployment; orders are issued at once.

    A person always meets the same version. A share that grows moves people from the champion into it, and nobody else.

    Parameters
    ----------
    name
        Of the deployment.
    champion
        Version that answers whoever no challenger answers; left out, it stays the one that is.
    challenger
        VERSION=SHARE of the people, such as `sha256:3f9a=0.1`. Those that are not named here answer nobody any more.
    shadow
        VERSION=SHARE of the requests that it sees, answering nobody.
    routing
        Input of the model that says who somebody is, for requests without a `Routing-Key`; empty for none.

    Raises
    ------
    PermissionError
        If a release does not stand, or the deployment was stopped.
    """
    basis = context.basis()
    require_running(context, group, name)
    had = arms_in(context, group, name)
    leading = _champion(context, had, name, champion, routing)
    challengers = _shares(context, challenger, "challenger")
    shadows = _shares(context, shadow, "shadow")
    versions = [leading.version, *challengers, *shadows]
    if len(set(versions)) != len(versions):
        msg = "a version can be one thing only under a name: champion, challenger or shadow"
        raise ValueError(msg)
    for version in versions[1:]:
        require_alike(context, leading.version, version)
    people = allot({each.version: each.people for each in had if each.part is Part.CHALLENGER}, challengers)
    environment = leading.environment
    arms = [leading]
    arms += [arm_of(context, name, each, environment, Part.CHALLENGER, people[each]) for each in challengers]
    arms += [arm_of(context, name, each, environment, Part.SHADOW, _seen(shadows[each])) for each in shadows]
    return changed(context, group, name, arms, basis)


@view("traffic show")
def show(context: Context, name: str = "", group: str = "default") -> tuple[TrafficLine, ...]:
    """Show which versions share the traffic of a deployment, or of all, and how their releases stand."""
    context.house.ledger.refresh()
    found = newest(context, group)
    lines = [
        TrafficLine(each.name, each.part.value, each.version, each.share, *state_of(context, each))
        for each in (found.deployments if found is not None else ())
        if name in ("", each.name)
    ]
    for stopped, (recorded, stop) in stopped_in(context, group).items():
        if name in ("", stopped):
            lines.append(TrafficLine(stopped, "", "", 0.0, "stopped", (f"by {recorded.entry.actor}: {stop.reason}",)))
    return tuple(lines)


@action("traffic promote", roles=OPERATORS)
def promote(context: Context, name: str, version: str, group: str = "default") -> Orders:
    """Make a challenger or shadow the champion; orders are issued at once, and the champion before it can come back."""
    basis = context.basis()
    require_running(context, group, name)
    found = find_version(context, version).digest
    arms = promoted(context, arms_in(context, group, name), name, found)
    return changed(context, group, name, arms, basis)


@action("traffic rollback", roles=OPERATORS)
def rollback(context: Context, name: str, group: str = "default") -> Orders:
    """Take back what came last: challengers, or else the champion, in whose place the one before it comes that stands.

    Orders are issued at once.

    Raises
    ------
    PermissionError
        If nothing that answered before stands today.
    """
    basis = context.basis()
    require_running(context, group, name)
    had = arms_in(context, group, name)
    arms = [each for each in had if each.part is not Part.CHALLENGER]
    if len(arms) == len(had):
        now = champion_of(had, name)
        before = _before(context, group, now)
        arms = [before, *(each for each in arms if each.part is Part.SHADOW and each.version != before.version)]
    return changed(context, group, name, arms, basis)


def arms_in(context: Context, group: str, name: str) -> tuple[Deployment, ...]:
    """Return what the newest orders say of a name; nothing where they do not name it."""
    found = newest(context, group)
    return tuple(each for each in found.deployments if each.name == name) if found is not None else ()


def champion_of(arms: Sequence[Deployment], name: str) -> Deployment:
    """Return the champion; raise LookupError where there is none."""
    for each in arms:
        if each.part is Part.CHAMPION:
            return each
    msg = f"there is no deployment {name!r} that answers; `muster deployment set` makes one"
    raise LookupError(msg)


def promoted(context: Context, arms: Sequence[Deployment], name: str, version: str) -> list[Deployment]:
    """Return the arms with another champion; the one before is gone, others keep their people."""
    now = champion_of(arms, name)
    if version not in {each.version for each in arms if each.part is not Part.CHAMPION}:
        msg = f"version {version} is no challenger and no shadow of {name!r}: `muster traffic show` shows those"
        raise LookupError(msg)
    new = replace(arm_of(context, name, version, now.environment, Part.CHAMPION), routing=now.routing)
    return [new, *(each for each in arms if each.version not in (version, now.version))]


def changed(
    context: Context, group: str, name: str, arms: Sequence[Deployment], basis: object, also: Sequence[object] = ()
) -> Orders:
    """Issue orders in which these are what a name has, in the place where it stood.

    Raises
    ------
    PermissionError
        If versions on trial would answer too many of the people.
    """
    if (tried := tried_on(arms)) > ON_TRIAL:
        msg = (
            f"versions that were released to trial would answer {tried:.0%} of the people of {name!r}: {ON_TRIAL:.0%} "
            "is the most. With a release to serve a version may answer more"
        )
        raise PermissionError(msg)
    return issued(
        context,
        group,
        lambda _, had: (*(each for each in had if each.name != name), *arms),
        basis,  # type: ignore[arg-type]
        also=also,
    )


def _champion(context: Context, had: Sequence[Deployment], name: str, wanted: str, routing: str | None) -> Deployment:
    now = champion_of(had, name)
    version = find_version(context, wanted).digest if wanted else now.version
    new = now if version == now.version else arm_of(context, name, version, now.environment, Part.CHAMPION)
    column = now.routing if routing is None else routing
    known = {each.name for each in find_version(context, version).manifest.inputs}
    if column and column not in known:
        msg = f"{column!r} is no input of version {version}; known are {', '.join(sorted(known))}"
        raise ValueError(msg)
    return replace(new, routing=column)


def _shares(context: Context, given: Sequence[str], what: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for each in given:
        version, _, text = each.rpartition("=")
        try:
            amount = float(text)
        except ValueError:
            amount = 0.0
        if not version:
            msg = f"{what} {each!r}: write VERSION=SHARE, such as sha256:3f9a=0.1"
            raise ValueError(msg)
        buckets_in(amount)
        digest = find_version(context, version).digest
        if digest in found:
            msg = f"{what} {digest} is named twice"
            raise ValueError(msg)
        found[digest] = amount
    return found


def _seen(amount: float) -> tuple[Buckets, ...]:
    return (Buckets(0, buckets_in(amount)),)


def _before(context: Context, group: str, now: Deployment) -> Deployment:
    """Return the champion before, that stands and that gateways would take."""
    seen = {now.version}
    for orders in sent(context, group):
        for each in orders.deployments:
            if each.name != now.name or each.part is not Part.CHAMPION or each.version in seen:
                continue
            seen.add(each.version)
            release = release_of(context, each.package)
            if release is not None and stands(context, each):
                offer(context, release)
                return replace(each, guards="", until=None, routing=each.routing or now.routing)
    msg = f"nothing that answered as {now.name!r} before stands today: deploy a version (muster deployment set)"
    raise PermissionError(msg)
