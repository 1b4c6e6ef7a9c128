"""Canaries: a new version is let at ever more people, on figures from the log only, and taken back at once by them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta

from muster.lifecycle.desk.action import action, view
from muster.lifecycle.desk.asking import find_version
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.posture.stops import require_running
from muster.lifecycle.serve.orders import OPERATORS
from muster.lifecycle.serve.traffic.arms import arm_of, require_alike
from muster.lifecycle.serve.traffic.shares import arms_in, champion_of, changed
from muster.records.entry import Basis
from muster.records.evidence import Figure
from muster.records.release import Deployment, Part
from muster.records.traffic.canary import CanaryLimits, CanaryMove, CanaryPlan, CanaryState
from muster.records.traffic.stop import subject_of
from muster.rules.gate.measured import TRIAL
from muster.rules.traffic.sharing import ON_TRIAL, allot, buckets_in

OPEN = (CanaryState.RUNNING, CanaryState.PAUSED)

CUT_SECONDS = 20.0
"""How long gateways let segments of the log grow while a canary runs: only what they have closed can be sealed, and
only what is sealed counts."""

_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*(s|m|h|d)?")
_MINUTES = {"s": 1 / 60, "m": 1.0, "h": 60.0, "d": 1440.0, None: 1.0}


@dataclass(frozen=True, slots=True)
class CanaryLine:
    """What was decided about a canary, and when."""

    name: str
    version: str
    at: datetime
    by: str
    state: CanaryState
    share: float
    reason: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Canary:
    """The newest canary of a deployment, and what was last decided about it."""

    plan: CanaryPlan
    last: CanaryMove

    def moved(self, state: CanaryState, reason: str, figures: Sequence[Figure] = ()) -> CanaryMove:
        """Return a move that leaves the canary at its step."""
        return replace(self.last, state=state, reason=reason, figures=tuple(figures))


@action("canary start", roles=OPERATORS)
def start(
    context: Context,
    name: str,
    version: str,
    steps: str = "1,5,25,100",
    each: str = "30m",
    limits: tuple[str, ...] = (),
    group: str = "default",
) -> CanaryMove:
    """Let a released version at some of the people of a deployment, and at more of them as long as figures allow.

    `muster up` looks every minute, and `muster canary step` when it is called. Only figures of the log count: a figure
    beyond its limit takes the version back at once, and too few decisions never let it on.

    Parameters
    ----------
    name
        Of the deployment.
    steps
        Per cent of the people, growing; 100 makes it the champion.
    each
        Least time at each step, such as `30m` or `2h`.
    limits
        NAME=NUMBER: `errors` and `refusals` (how much higher a rate may be), `latency` (99th percentile, times that of
        the champion), `drift` (population stability index of scores), `approval` (how far favourable rates may be
        apart), `fairness` (least ratio between groups), `least` (decisions that each side must have). And
        `groups=INPUT`: by which input people are told apart for fairness.
    """
    basis = context.basis()
    require_running(context, group, name)
    if (known := newest_canary(context, group, name)) is not None and known.last.state in OPEN:
        msg = f"version {known.plan.version} is a canary of {name!r} already: `muster canary abort {name}` ends it"
        raise ValueError(msg)
    had = arms_in(context, group, name)
    champion = champion_of(had, name)
    found = find_version(context, version)
    require_alike(context, champion.version, found.digest)
    groups = next((text[7:] for text in limits if text.startswith("groups=")), "")
    if groups and groups not in {column.name for column in found.manifest.inputs}:
        msg = f"{groups!r} is no input of version {found.digest}, so the log does not have it"
        raise ValueError(msg)
    plan = CanaryPlan(
        group, name, found.digest, champion.version, _steps(steps), _minutes(each), _limits(limits), groups
    )
    move = CanaryMove(
        group, name, found.digest, CanaryState.RUNNING, 0, plan.steps[0], context.house.clock(), "it begins"
    )
    arms = shared(context, had, plan, plan.steps[0])
    _require_bearable(plan, arms[-1])
    changed(context, group, name, arms, basis, (plan, move))
    return move


@view("canary show")
def show(context: Context, name: str = "", group: str = "default") -> tuple[CanaryLine, ...]:
    """Show what was decided about canaries, oldest first, with the figures that decided it."""
    context.house.ledger.refresh()
    return tuple(
        CanaryLine(
            move.name,
            move.version,
            recorded.entry.at,
            recorded.entry.actor,
            move.state,
            move.share,
            move.reason,
            move.figures,
        )
        for recorded, move in context.history(CanaryMove)
        if move.group == group and name in ("", move.name)
    )


@action("canary pause", roles=OPERATORS)
def pause(context: Context, name: str, group: str = "default") -> CanaryMove:
    """Leave a canary at its share, until it is resumed; figures beyond a limit still take it back."""
    basis, canary = context.basis(), open_canary(context, group, name)
    return _record(context, canary.moved(CanaryState.PAUSED, "somebody paused it"), basis)


@action("canary continue", roles=OPERATORS)
def go_on(context: Context, name: str, group: str = "default") -> CanaryMove:
    """Let a paused canary go on; its step begins anew."""
    basis, canary = context.basis(), open_canary(context, group, name)
    move = canary.moved(CanaryState.RUNNING, "somebody let it go on")
    return _record(context, replace(move, since=context.house.clock()), basis)


@action("canary abort", roles=OPERATORS)
def abort(context: Context, name: str, group: str = "default") -> CanaryMove:
    """End a canary: the champion answers everybody again, by orders issued at once."""
    basis, canary = context.basis(), open_canary(context, group, name)
    return taken_back(context, canary, canary.moved(CanaryState.ABORTED, "somebody ended it"), basis)


def newest_canary(context: Context, group: str, name: str) -> Canary | None:
    """Return the newest canary of a deployment; None where there was none."""
    about = subject_of(group, name)
    plans, moves = context.history(CanaryPlan, about), context.history(CanaryMove, about)
    return Canary(plans[-1][1], moves[-1][1]) if plans and moves else None


def open_canary(context: Context, group: str, name: str) -> Canary:
    """Return the canary that is under way; raise LookupError where there is none."""
    found = newest_canary(context, group, name)
    if found is None or found.last.state not in OPEN:
        msg = f"no canary of {name!r} is under way: `muster canary show` shows those that were"
        raise LookupError(msg)
    return found


def shared(context: Context, had: Sequence[Deployment], plan: CanaryPlan, amount: float) -> list[Deployment]:
    """Return the arms of a deployment in which its canary has a share."""
    others = [each for each in had if each.version != plan.version]
    people = {each.version: each.people for each in had if each.part is Part.CHALLENGER}
    shares = {each.version: each.share for each in others if each.part is Part.CHALLENGER}
    mine = allot(people, {**shares, plan.version: amount})[plan.version]
    environment = champion_of(had, plan.name).environment
    arm = arm_of(context, plan.name, plan.version, environment, Part.CHALLENGER, mine)
    return [*others, replace(arm, cut_seconds=CUT_SECONDS)]


def taken_back(context: Context, canary: Canary, move: CanaryMove, basis: Basis) -> CanaryMove:
    """Take a canary out of the orders, and record why."""
    plan = canary.plan
    arms = [each for each in arms_in(context, plan.group, plan.name) if each.version != plan.version]
    end = replace(move, share=0.0)
    changed(context, plan.group, plan.name, arms, basis, (end,))
    return end


def _require_bearable(plan: CanaryPlan, arm: Deployment) -> None:
    """Refuse a plan that would let a version on trial at more people than such a version may answer."""
    if arm.scope == TRIAL and (beyond := [each for each in plan.steps if ON_TRIAL < each < 1]):
        msg = (
            f"version {plan.version} is released to trial: it may answer {ON_TRIAL:.0%} of the people at most, and the "
            f"plan lets it at {beyond[0]:.0%}. The step after that is 100, for which it needs a release to serve"
        )
        raise PermissionError(msg)


def _record(context: Context, move: CanaryMove, basis: Basis) -> CanaryMove:
    context.record(move, expect=basis)
    return move


def _steps(text: str) -> tuple[float, ...]:
    try:
        steps = tuple(float(each) / 100 for each in text.split(","))
        buckets = [buckets_in(each) for each in steps]
    except ValueError as error:
        msg = f"steps {text!r}: write per cent of the people, such as 1,5,25,100"
        raise ValueError(msg) from error
    if sorted(set(buckets)) != buckets or steps[0] >= 1:
        msg = f"steps {text!r}: each must be more than the one before, and the first less than everybody"
        raise ValueError(msg)
    return steps


def _minutes(text: str) -> float:
    found = _SPAN.fullmatch(text.strip())
    minutes = float(found[1]) * _MINUTES[found[2]] if found else 0.0
    if not 0 < minutes <= timedelta(days=90) / timedelta(minutes=1):
        msg = f"{text!r}: write how long each step lasts at least, such as 30m, 2h or 1d"
        raise ValueError(msg)
    return minutes


def _limits(given: Sequence[str]) -> CanaryLimits:
    known = {each.name for each in fields(CanaryLimits)}
    found: dict[str, float] = {}
    for each in given:
        name, _, text = each.partition("=")
        if name == "groups":
            continue
        try:
            found[name] = float(text)
        except ValueError:
            found[name] = -1.0
        if name not in known or not 0 <= found[name] < float("inf"):
            msg = f"limit {each!r}: write NAME=NUMBER; names are {', '.join(sorted(known))}"
            raise ValueError(msg)
    least = int(found.pop("least", CanaryLimits().least))
    if least < 1:
        msg = "limit least: at least one decision must be there to conclude anything from"
        raise ValueError(msg)
    return CanaryLimits(**found, least=least)
