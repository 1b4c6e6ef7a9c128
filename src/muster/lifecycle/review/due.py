"""Due: what must be looked at again, why, by when and by whom; worked out when asked, from what the ledger says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from muster.lifecycle.desk.action import view
from muster.lifecycle.desk.asking import library_of, policy_for
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.posture.current import Current, current
from muster.lifecycle.desk.seen.findings import seen
from muster.records.evidence import ATTESTED
from muster.records.governance.findings import OpenedFinding
from muster.records.governance.reviews import Questionnaire
from muster.records.policy import Library
from muster.records.purpose import UseCase
from muster.rules.gate.measured import control_in
from muster.rules.standing.state import State
from muster.rules.tier import tier

WITHIN = timedelta(days=30)
"""In what time a release is looked at again whose ground has moved: its risk tier, its policy or its library."""

ASSESSORS = "ml-engineer or validator"


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """One thing that must be looked at again."""

    use_case: str
    environment: str
    model: str
    version: str
    what: str
    """Demand that is, or will be, open; or what has changed: ``tier``, ``policy``, ``library``, a finding's id."""
    trigger: str
    """``scheduled``: time brings it; ``triggered``: something happened."""
    why: str
    by: datetime
    overdue: bool
    who: str
    """Id of an actor, or the role of whoever may do it."""


@view("review due")
def due(context: Context, days: float = 30, use_case: str = "") -> tuple[ReviewLine, ...]:
    """List what must be validated or looked at again: why, by when and by whom, the most urgent first.

    What time brings: measurements, answers and sign-offs that run out, and releases that end. What happened: a demand
    that is met no longer (monitors among them), another risk tier, a policy or library that changed, a finding.

    Parameters
    ----------
    days
        What time brings within so many days.
    use_case
        Only this use case.
    """
    if not 0 <= days <= 3660:
        msg = f"days {days:g}: give a number from 0 to 3660"
        raise ValueError(msg)
    context.house.ledger.refresh()
    now = context.house.clock()
    horizon = now + timedelta(days=days)
    standing = [each for each in current(context) if use_case in ("", each.listed.release.use_case)]
    kept = [each for each in standing if each.judged.standing.state is not State.REVOKED]
    lines = [
        line for each in kept for line in (*_by_time(context, each, now, horizon), *_by_events(context, each, now))
    ]
    return tuple(sorted(dict.fromkeys(lines), key=lambda line: (line.by, line.use_case, line.version, line.what)))


def _by_time(context: Context, each: Current, now: datetime, horizon: datetime) -> Iterator[ReviewLine]:
    for fall in each.judged.falls:
        if now < fall.at <= horizon:
            yield _line(each, now, fall.demand, "scheduled", fall.why, fall.at, _whose(context, each, fall.demand))


def _by_events(context: Context, each: Current, now: datetime) -> Iterator[ReviewLine]:
    release, signed = each.listed.release, each.listed.at
    for lapse in each.judged.standing.lapses:
        who = _whose(context, each, lapse.demand)
        yield _line(each, now, lapse.demand, "triggered", lapse.why, lapse.since, who)
    subject = f"use-case:{release.use_case}"
    for moment, what, why in (*_tier(context, subject, signed), *_rules(context, each, signed)):
        yield _line(each, now, what, "triggered", why, moment + WITHIN, each.owner or "owner")
    about = {subject, f"version:{release.version}"}
    for recorded, opened in context.history(OpenedFinding):
        if opened.about in about and recorded.entry.at > signed and seen(context, opened.id).is_open:
            why = f"{opened.severity.value} finding since the release: {opened.title}"
            yield _line(each, now, opened.id, "triggered", why, opened.due_at, opened.owner)


def _tier(context: Context, subject: str, signed: datetime) -> Iterator[tuple[datetime, str, str]]:
    """Yield that the risk tier is another than when the release was signed."""
    told = [(recorded.entry.at, tier(case)) for recorded, case in context.history(UseCase, subject)]
    before = [found for at, (found, _) in told if at <= signed]
    if before and told[-1][1][0] is not before[-1]:
        moment, (found, why) = told[-1]
        yield moment, "tier", f"the risk tier was {before[-1].value} and is {found.value}: {'; '.join(why)}"


def _rules(context: Context, each: Current, signed: datetime) -> Iterator[tuple[datetime, str, str]]:
    """Yield that policy or library were adopted anew since the release was signed."""
    release = each.listed.release
    try:
        use_case = context.latest(UseCase, f"use-case:{release.use_case}")
        policy, adopted = policy_for(context, use_case, release.environment)
        library, taken = library_of(context, policy)
    except LookupError:
        return  # how it stands says so already
    for what, name, recorded in (("policy", policy.id, adopted), ("library", library.name, taken)):
        if recorded.entry.at > signed:
            yield recorded.entry.at, what, f"{what} {name} was adopted anew after the release was signed"


def _whose(context: Context, each: Current, demand: str) -> str:
    """Return who sees to a demand: whoever signs, answers or measures it; the owner where none of these."""
    if demand.startswith(("sign-off:", "policy-sign-off:")):
        return demand.partition(":")[2]
    control = control_in(demand)
    found = [library.control(control) for _, library in context.history(Library)]
    checks = [known.check for known in found if known is not None]
    if not checks:
        return each.owner or "owner"
    if checks[-1].startswith(f"{ATTESTED}."):
        asked = context.history(Questionnaire, f"questionnaire:{checks[-1].removeprefix(f'{ATTESTED}.')}")
        return " or ".join(role.value for role in asked[-1][1].answered_by) if asked else "validator"
    return "operator or validator" if demand != control else ASSESSORS


def _line(each: Current, now: datetime, what: str, trigger: str, why: str, by: datetime, who: str) -> ReviewLine:
    release = each.listed.release
    return ReviewLine(
        release.use_case, release.environment, each.model, release.version, what, trigger, why, by, now >= by, who
    )
