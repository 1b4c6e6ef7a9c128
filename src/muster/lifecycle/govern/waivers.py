"""Waivers: one person asks that a version may pass one control for a time, another grants it; it ends by itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from muster.lifecycle.desk.action import action, view
from muster.lifecycle.desk.asking import Asked, ask, find_version, library_of, one_of, policy_for, require_heard
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.reach.cover import holds_for
from muster.lifecycle.govern.gate import ask_about
from muster.records.canonical import digest
from muster.records.decision import Finding, Question, Reason, Waiver
from muster.records.entry import Recorded, person_of
from muster.records.governance.waivers import WaiverRequest, WithdrawnWaiver
from muster.records.people import Role
from muster.records.purpose import UseCase
from muster.rules.gate.measured import demands_of
from muster.rules.gate.people.separation import hand_in, makers
from muster.rules.gate.people.waived import without

LONGEST = 365
"""Days that a waiver may last."""

ASKING = (Role.ML_ENGINEER, Role.OWNER, Role.OPERATOR, Role.RISK_ANALYST, Role.VALIDATOR, Role.EXECUTIVE)


@dataclass(frozen=True, slots=True)
class WaiverLine:
    """A waiver, asked for or granted."""

    waiver: str
    """Digest of the ledger entry: of the grant, or of the request while it is open."""
    version: str
    control: str
    environment: str
    state: str
    """``requested``, ``in-force``, ``lapsed`` or ``withdrawn``."""
    requested_by: str
    granted_by: str
    until: datetime
    reason: str
    compensating_control: str


@dataclass(frozen=True, slots=True)
class WaiverPage:
    """A waiver, and what the gate says with it and without any."""

    waiver: WaiverLine
    finding: str
    """How the control comes out now; ``waived`` while the waiver counts."""
    explanation: str
    verdict: str
    verdict_without: str
    """What the gate would say if nothing were waived."""


@action("waiver request", roles=ASKING)
def request(
    context: Context,
    version: str,
    control: str,
    reason: str,
    compensating_control: str,
    days: int,
    environment: str = "production",
) -> WaiverLine:
    """Ask that one version may pass one control until a date, with something done instead; another person grants it.

    Parameters
    ----------
    compensating_control
        What is done instead, such as `a person looks at every refusal`.
    days
        How long, from now; there is no waiver without an end.
    """
    if context.identity.responsible:
        msg = f"{context.identity.id} is a service account: a person asks for a waiver"
        raise PermissionError(msg)
    if not 0 < days <= LONGEST:
        msg = f"a waiver lasts 1 to {LONGEST} days, not {days}"
        raise ValueError(msg)
    if not reason.strip() or not compensating_control.strip():
        msg = "a waiver says why it is needed and what is done instead: give a reason and a compensating control"
        raise ValueError(msg)
    basis = context.basis()
    found = find_version(context, version)
    _require_waivable(context, found.use_case, control, environment)
    _require_no_author(context, found.digest, environment)
    until = context.house.clock() + timedelta(days=days)
    asked = WaiverRequest(found.digest, control, environment, reason.strip(), compensating_control.strip(), until)
    (recorded,) = context.record(asked, expect=basis)
    return _requested(recorded, asked)


@action("waiver grant", roles=(Role.RISK_ANALYST,))
def grant(context: Context, waiver: str, days: int | None = None) -> WaiverLine:
    """Grant a waiver that another person asked for, on the terms that they asked for; neither made the version.

    Parameters
    ----------
    waiver
        Digest of the request, or its beginning, as `muster waiver list` shows it.
    days
        An earlier end than was asked for, from now.
    """
    basis = context.basis()
    recorded, asked = _open_request(context, waiver)
    requester = recorded.entry.person
    me, now = context.identity, context.house.clock()
    if requester == person_of(me.actor):
        msg = f"{requester} cannot grant a waiver to themself: a second person must"
        raise PermissionError(msg)
    if me.responsible:
        msg = f"{me.id} is a service account: a person grants a waiver"
        raise PermissionError(msg)
    found = find_version(context, asked.version)
    _require_waivable(context, found.use_case, asked.control, asked.environment)
    _require_no_author(context, found.digest, asked.environment)
    until = asked.expires_at if days is None else now + timedelta(days=days)
    if not now < until <= asked.expires_at:
        msg = f"it was asked for until {asked.expires_at:%Y-%m-%d %H:%M}: grant it until then, or for fewer days"
        raise ValueError(msg)
    given = Waiver(
        asked.version,
        asked.control,
        asked.environment,
        asked.reason,
        asked.compensating_control,
        until,
        requester,
        digest(recorded.raw),
    )
    (written,) = context.record(given, expect=basis)
    return _granted(written, given, frozenset(), now)


@action("waiver withdraw", roles=ASKING)
def withdraw(context: Context, waiver: str, reason: str) -> WaiverLine:
    """End a waiver, or take back the request for one: whoever asked for it, or a risk analyst. The gate hears at once.

    Parameters
    ----------
    waiver
        Digest of its ledger entry, or the beginning, as `muster waiver list` shows it.
    """
    if not reason.strip():
        msg = "say why it ends: others will read it"
        raise ValueError(msg)
    basis = context.basis()
    found = one_of({line.waiver: line for line in _lines(context)}, waiver, "waiver", "muster waiver list")
    use_case = find_version(context, found.version).use_case
    if context.identity.id != found.requested_by and not holds_for(context, Role.RISK_ANALYST, use_case):
        msg = f"{found.requested_by} asked for this waiver: they, or a risk analyst, withdraw it"
        raise PermissionError(msg)
    if found.state not in ("requested", "in-force"):
        msg = f"the waiver is {found.state} already"
        raise ValueError(msg)
    policy, _ = policy_for(context, context.latest(UseCase, f"use-case:{use_case}"), found.environment)
    require_heard(context, [policy])
    context.record(WithdrawnWaiver(found.version, found.waiver, reason.strip()), expect=basis)
    return next(line for line in _lines(context) if line.waiver == found.waiver)


@view("waiver list")
def listed(context: Context, version: str = "") -> tuple[WaiverLine, ...]:
    """List waivers, oldest first: asked for, in force, lapsed and withdrawn.

    Parameters
    ----------
    version
        Only those of this version.
    """
    context.house.ledger.refresh()
    wanted = find_version(context, version).digest if version else ""
    return tuple(line for line in _lines(context) if wanted in ("", line.version))


@view("waiver show")
def show(context: Context, waiver: str) -> WaiverPage:
    """Show a waiver, how its control comes out today, and what the gate says with waivers and without."""
    context.house.ledger.refresh()
    line = one_of({line.waiver: line for line in _lines(context)}, waiver, "waiver", "muster waiver list")
    found = find_version(context, line.version)
    asked = ask(context, Question(found.digest, found.use_case, line.environment))
    reason = _reason(asked, line)
    decision = asked.decision
    return WaiverPage(line, reason.finding.value, reason.explanation, decision.verdict.value, without(decision).value)


def _reason(asked: Asked, line: WaiverLine) -> Reason:
    """Return how the control of a waiver comes out; where it is asked for twice, the one that rests on the waiver."""
    about = [each for each in asked.decision.reasons if each.demand.partition(" ")[0] == line.control]
    resting = [each for each in about if line.waiver in each.evidence]
    missing = Reason(line.control, Finding.NOT_APPLICABLE, "", "the policy in force does not demand it any more")
    return next(iter((*resting, *about)), missing)


def _lines(context: Context) -> list[WaiverLine]:
    now = context.house.clock()
    ended = frozenset(record.waiver for _, record in context.history(WithdrawnWaiver))
    granted = [(at, given) for at, given in context.history(Waiver)]
    answered = {given.request for _, given in granted}
    lines = [(at.seq, _granted(at, given, ended, now)) for at, given in granted]
    for at, asked in context.history(WaiverRequest):
        if digest(at.raw) not in answered:
            line = _requested(at, asked)
            state = "withdrawn" if line.waiver in ended else "lapsed" if now >= asked.expires_at else "requested"
            lines.append((at.seq, replace(line, state=state)))
    return [line for _, line in sorted(lines, key=lambda pair: pair[0])]


def _requested(recorded: Recorded, asked: WaiverRequest) -> WaiverLine:
    return WaiverLine(
        digest(recorded.raw),
        asked.version,
        asked.control,
        asked.environment,
        "requested",
        recorded.entry.person,
        "",
        asked.expires_at,
        asked.reason,
        asked.compensating_control,
    )


def _granted(recorded: Recorded, given: Waiver, ended: frozenset[str], now: datetime) -> WaiverLine:
    name = digest(recorded.raw)
    return WaiverLine(
        name,
        given.version,
        given.control,
        given.environment,
        "withdrawn" if name in ended else "lapsed" if now >= given.expires_at else "in-force",
        person_of(given.requested_by),
        recorded.entry.person,
        given.expires_at,
        given.reason,
        given.compensating_control,
    )


def _open_request(context: Context, waiver: str) -> tuple[Recorded, WaiverRequest]:
    """Return a request that is open; raise LookupError or ValueError where there is none."""
    known = {digest(at.raw): (at, asked) for at, asked in context.history(WaiverRequest)}
    recorded, asked = one_of(known, waiver, "request for a waiver", "muster waiver list")
    named = digest(recorded.raw)
    state = next((line.state for line in _lines(context) if line.waiver == named), "granted")
    if state != "requested":
        msg = f"the request is {state} already: whoever needs the waiver asks again (muster waiver request)"
        raise ValueError(msg)
    return recorded, asked


def _require_no_author(context: Context, version: str, environment: str) -> None:
    """Refuse a waiver that the gate would not count: nobody excuses their own work."""
    asked = ask_about(context, version, environment, "serve")
    made = makers(asked.policy, asked.facts)
    me = person_of(context.identity.actor)
    if me in made or me in asked.facts.authors:
        msg = f"{hand_in(me, made)}: one other person asks for a waiver of {version}, another grants it"
        raise PermissionError(msg)


def _require_waivable(context: Context, use_case: str, control: str, environment: str) -> None:
    policy, _ = policy_for(context, context.latest(UseCase, f"use-case:{use_case}"), environment)
    library, _ = library_of(context, policy)
    demanded = {requirement.control: library.control(requirement.control) for requirement in demands_of(policy)}
    if control not in demanded:
        msg = f"policy {policy.id!r} does not demand control {control!r}; it demands {', '.join(demanded)}"
        raise LookupError(msg)
    found = demanded[control]
    if found is not None and not found.waivable:
        msg = f"control {control!r} is not waivable: {found.statement}"
        raise PermissionError(msg)
