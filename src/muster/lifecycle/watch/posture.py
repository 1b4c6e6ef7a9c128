"""Posture: how everything stands that was released, what fell out, and what will; a reading, it changes nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from muster.lifecycle.desk.action import view
from muster.lifecycle.desk.asking import Asked, ask, find_version
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.posture.current import Current, current
from muster.records.decision import SETTLED, Question
from muster.records.entry import Recorded
from muster.records.governance.standing import StandingChanged
from muster.records.governance.terms import LapseAction
from muster.rules.backtest.inventory import known_of
from muster.rules.backtest.trial import terms_of
from muster.rules.gate.decide import decide
from muster.rules.standing.falls import falls
from muster.rules.standing.state import Fall, Lapse, Standing, State

MEND = "assess, sign off and release it again, then deploy it"


@dataclass(frozen=True, slots=True)
class PostureLine:
    """How one release stands, whose it is, and what happens next."""

    model: str
    version: str
    use_case: str
    environment: str
    scope: str
    package: str
    deployments: tuple[str, ...]
    """Where it answers by the newest orders, as ``GROUP/NAME``."""
    state: str
    since: datetime | None
    """Since when it does not stand; None while it does."""
    lapses: tuple[Lapse, ...]
    """What fell out, each with its moment."""
    owner: str
    next: str
    """What happens next."""
    by: datetime | None
    """And by when; None where it has happened, or nothing will."""
    ahead: tuple[Fall, ...]
    """What will fall out in the days asked for, the next first."""


@dataclass(frozen=True, slots=True)
class DemandLine:
    """One demand: how it came out, with and without waivers, and until when it holds."""

    demand: str
    finding: str
    without_waivers: str
    explanation: str
    until: datetime | None
    """First moment at which it will be open, if nothing happens; None where time does not change it."""
    then: str
    """What will be said of it then."""


@dataclass(frozen=True, slots=True)
class PosturePage:
    """Everything that is demanded of a version today."""

    version: str
    use_case: str
    environment: str
    scope: str
    policy: str
    verdict: str
    without_waivers: str
    """What the gate would say if no waiver counted, nor leave for an emergency."""
    standing: tuple[PostureLine, ...]
    """How its release stands; empty where there is none."""
    demands: tuple[DemandLine, ...]


@dataclass(frozen=True, slots=True)
class PostureChange:
    """A change of standing as it was recorded."""

    at: datetime
    """When it was noticed."""
    actor: str
    change: StandingChanged


@view("posture list")
def posture_list(
    context: Context, days: float = 14, use_case: str = "", *, fallen: bool = False
) -> tuple[PostureLine, ...]:
    """Show what stands and what fell out: when, why, whose it is, what happens next and by when.

    Parameters
    ----------
    days
        What will fall out within so many days is told, too.
    use_case
        Only releases for this use case.
    fallen
        Only what does not stand, or will not within the days.
    """
    if not 0 <= days <= 3660:
        msg = f"days {days:g}: give a number from 0 to 3660"
        raise ValueError(msg)
    context.house.ledger.refresh()
    horizon = context.house.clock() + timedelta(days=days)
    lines = [_line(each, horizon) for each in current(context)]
    asked = (line for line in lines if use_case in ("", line.use_case))
    return tuple(sorted((line for line in asked if not fallen or line.since or line.ahead), key=_urgency))


@view("posture show")
def posture_show(
    context: Context, version: str, environment: str = "production", scope: str = "serve", days: float = 365
) -> PosturePage:
    """Show every demand on a version, with and without waivers, and when each will be open next.

    Parameters
    ----------
    days
        How far ahead to look for what will fall out.
    """
    context.house.ledger.refresh()
    found = find_version(context, version)
    question = Question(found.digest, found.use_case, environment, scope)
    asked, now = ask(context, question), context.house.clock()
    bare = replace(asked.facts, waivers=(), emergencies=())
    plain = decide(asked.policy, asked.library, question, bare, now)
    lines = tuple(
        _line(each, now + timedelta(days=days)) for each in current(context) if each.listed.question == question
    )
    return PosturePage(
        found.digest,
        found.use_case,
        environment,
        scope,
        asked.policy.id,
        asked.decision.verdict.value,
        plain.verdict.value,
        lines,
        _demands(asked, {reason.demand: reason.finding.value for reason in plain.reasons}, now),
    )


@view("posture history")
def posture_history(context: Context, version: str = "", last: int = 50) -> tuple[PostureChange, ...]:
    """List the changes of standing that were recorded, the newest last.

    Parameters
    ----------
    version
        Only those of this version.
    last
        How many at most.
    """
    if last < 1:
        msg = f"last {last}: ask for one at least"
        raise ValueError(msg)
    context.house.ledger.refresh()
    subject = f"version:{find_version(context, version).digest}" if version else None
    return tuple(_told(*each) for each in context.history(StandingChanged, subject)[-last:])


def _told(recorded: Recorded, change: StandingChanged) -> PostureChange:
    return PostureChange(recorded.entry.at, recorded.entry.actor, change)


def _line(each: Current, horizon: datetime) -> PostureLine:
    release, standing = each.listed.release, each.judged.standing
    then, by = _next(standing, answers=bool(each.deployments))
    return PostureLine(
        model=each.model,
        version=release.version,
        use_case=release.use_case,
        environment=release.environment,
        scope=release.scope,
        package=release.package,
        deployments=each.deployments,
        state=standing.state.value,
        since=standing.since,
        lapses=standing.lapses,
        owner=each.owner,
        next=then,
        by=by,
        ahead=tuple(fall for fall in each.judged.falls if fall.at <= horizon) if standing.since is None else (),
    )


def _next(standing: Standing, *, answers: bool) -> tuple[str, datetime | None]:
    """Say what happens next to a release, and by when."""
    if standing.state is State.IN_FORCE:
        return f"stands until then: {MEND} before" if answers else "", standing.until
    if not answers:
        return f"it is not served: {MEND}", None
    if standing.action is LapseAction.ALERT and standing.served:
        told = "people are told again" if standing.ends and standing.state is State.IN_GRACE else MEND
        return f"it is served until gateways refuse it of themselves; {told}", standing.stops or standing.ends
    does = "suspended" if standing.action is LapseAction.SUSPEND else "rolled back, or else suspended"
    if standing.state is State.IN_GRACE:
        return f"it is {does}, unless mended: {MEND}", standing.ends
    return f"it is {does} with the next orders", None


def _urgency(line: PostureLine) -> tuple[int, float, str, str]:
    """Sort what fell out and answers first, then by when something happens."""
    rank = 2 if line.since is None else int(not line.deployments)
    return rank, line.by.timestamp() if line.by else 0.0, line.use_case, line.version


def _demands(asked: Asked, plain: dict[str, str], now: datetime) -> tuple[DemandLine, ...]:
    decision = asked.decision
    known = known_of(decision.question, "", asked.facts)
    coming = {fall.demand: fall for fall in reversed(falls(terms_of(asked.policy, asked.library), known, now))}
    return tuple(
        DemandLine(
            reason.demand,
            reason.finding.value,
            plain.get(reason.demand, reason.finding.value),
            reason.explanation,
            fall.at if fall and reason.finding in SETTLED else None,
            fall.why if fall and reason.finding in SETTLED else "",
        )
        for reason in decision.reasons
        for fall in (coming.get(reason.demand),)
    )
