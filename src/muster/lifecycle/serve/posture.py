"""Posture, acted on: changes of standing are recorded once, people are told, and orders follow the policies.

What is done follows from the ledger as it is, so that doing it again after a crash in the middle finishes it: people
are told before a change is recorded, and orders are issued as long as they differ from what stands.
"""

from __future__ import annotations

from dataclasses import replace

from muster.lifecycle.desk.action import action
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.posture.current import Current, current
from muster.lifecycle.desk.posture.sent import groups_of, newest
from muster.lifecycle.desk.posture.stops import stopped_in
from muster.lifecycle.serve.lapses import kept
from muster.lifecycle.serve.orders import OPERATORS, issue
from muster.ports.ledger import Conflict
from muster.records.access.alert import Alert, Severity
from muster.records.entry import Basis
from muster.records.governance.standing import StandingChanged
from muster.records.release import Deployment, Revocation
from muster.rules.standing.state import State

ATTEMPTS = 3
"""How often changes are looked for again, because somebody else wrote about the same versions meanwhile."""

ONE_BY_ONE = 10
"""Changes of which people are told one by one; of more, they are told how many there are."""


@action("posture update", roles=OPERATORS)
def update(context: Context) -> tuple[StandingChanged, ...]:
    """Record every change of standing, tell people, and do what the policies say; `muster up` does it every minute.

    Doing it again changes nothing: one entry a change.
    """
    changes = _recorded(context)
    problems = []
    for group in groups_of(context):
        try:
            if _differs(context, group):
                issue(context, group)
        except (PermissionError, LookupError, ValueError) as error:  # one group must not hold up the others
            problems.append(f"group {group!r}: {error}")
    if problems:
        msg = f"orders could not follow what stands: {'; '.join(problems)}"
        raise RuntimeError(msg)
    return changes


def _recorded(context: Context) -> tuple[StandingChanged, ...]:
    for attempt in range(ATTEMPTS):
        size = context.house.ledger.refresh()
        changes = tuple(_change(each) for each in current(context) if each.judged.standing.state.value != each.told)
        if not changes:
            return ()
        if not attempt:
            _tell(context, changes)
            size = context.house.ledger.refresh()  # an alert is an entry, too
        try:
            context.record(*changes, expect=Basis(size, frozenset(change.subject for change in changes)))
        except Conflict:
            continue
        return changes
    msg = "others keep writing about the versions whose standing changed: nothing was recorded; try again"
    raise Conflict(msg)


def _change(each: Current) -> StandingChanged:
    release, standing = each.listed.release, each.judged.standing
    stands = standing.state is State.IN_FORCE
    return StandingChanged(
        version=release.version,
        use_case=release.use_case,
        environment=release.environment,
        scope=release.scope,
        package=release.package,
        before=each.told,
        after=standing.state.value,
        reasons=standing.reasons,
        since=standing.since,
        deployments=each.deployments,
        owner=each.owner,
        action="" if stands else standing.action.value,
        ends=standing.ends,
    )


def _tell(context: Context, changes: tuple[StandingChanged, ...]) -> None:
    """Raise an alert for each lapse of what answers somewhere, or one for all where they are many."""
    served = [change for change in changes if change.after != State.IN_FORCE.value and change.deployments]
    now, notify = context.house.clock(), context.house.notify.notify
    for change in served[:ONE_BY_ONE]:
        what = "release-grace-over" if change.before == State.IN_GRACE.value else "release-lapsed"
        notify(Alert(what, Severity.WARNING, change.subject, _words(change), now))
    if more := served[ONE_BY_ONE:]:
        words = f"{len(more)} more releases that answer somewhere no longer stand; `muster posture` shows them"
        notify(Alert("releases-lapsed", Severity.WARNING, "posture", words, now))


def _words(change: StandingChanged) -> str:
    since = f" since {change.since:%Y-%m-%d %H:%M} UTC" if change.since else ""
    ends = f" at {change.ends:%Y-%m-%d %H:%M} UTC" if change.after == State.IN_GRACE.value and change.ends else ""
    then = {"alert": "It stays in service until gateways refuse it of themselves", "suspend": "It is suspended"}
    what = then.get(change.action, "The release before it takes its place, or else it is suspended")
    owner = f"; {change.owner} owns the use case" if change.owner else ""
    where = ", ".join(change.deployments)
    return f"{where} ({change.use_case}) is {change.after}{since}: {'; '.join(change.reasons)}. {what}{ends}{owner}"


def _differs(context: Context, group: str) -> bool:
    """Tell whether the newest orders of a group say otherwise than what stands."""
    context.house.ledger.refresh()
    orders = newest(context, group)
    if orders is None:
        return False
    revoked = {revocation.package for _, revocation in context.history(Revocation)}
    stands = [_plain(each) for each in kept(context, group, orders.deployments)]
    stopped = stopped_in(context, group)
    stands = [each for each in stands if each.name not in stopped]
    told = [_plain(each) for each in orders.deployments]
    return stands != told or not revoked <= set(orders.revoked) or set(stopped) != set(orders.stopped)


def _plain(deployment: Deployment) -> Deployment:
    """Return a deployment without the guards that orders give it."""
    return replace(deployment, guards="")
