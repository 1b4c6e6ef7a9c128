"""Judge: how one release stands now, with everything that is open, since when, and what falls out next. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from muster.records.decision import Finding, Reason
from muster.records.governance.terms import LapseAction, OnLapse
from muster.records.release import Release, SignedRelease
from muster.rules.backtest.inventory import Known, known_of
from muster.rules.backtest.trial import Terms, answer
from muster.rules.gate.measured import control_in, life_of
from muster.rules.standing.falls import edges, falls
from muster.rules.standing.grace import AT_ONCE, graceless, strictest
from muster.rules.standing.since import as_of, since
from muster.rules.standing.state import Fall, Lapse, Standing, State
from muster.rules.standing.world import World

DAY = timedelta(days=1)

SIGN_AGAIN = "sign the release again (muster release sign), and deploy that (muster deployment set)"


@dataclass(frozen=True, slots=True)
class Proof:
    """What the package of a release shows to gateways; worked out once."""

    broken: str = ""
    """Why they refuse it: a key was withdrawn, or its bytes are not there. Empty where they take it."""
    release: Release | None = None
    own: Terms | None = None
    """The policy and library that it was released under."""
    falls: tuple[Fall, ...] = ()
    """When gateways will find what the package rests on too old; they see nothing that came later."""


@dataclass(frozen=True, slots=True)
class Case:
    """A release, and everything that its standing depends on but time."""

    release: SignedRelease
    signed_at: datetime
    known: Known
    proof: Proof
    revoked: tuple[datetime, str] | None = None
    """When it was revoked, and why."""
    root_at: datetime | None = None
    """When the trust root in force was published."""


@dataclass(frozen=True, slots=True)
class Judged:
    """How a release stands, and what will fall out."""

    standing: Standing
    falls: tuple[Fall, ...]
    fresh_until: datetime
    """Until then the answer stays the same, unless records arrive."""


def shown(known: Known, release: Release, own: Terms) -> tuple[Fall, ...]:
    """Return when gateways will find what a package rests on too old: they know what is in it, and no more."""
    facts, named = known.facts, set(release.evidence)
    kept = {
        name: tuple(fact for fact in getattr(facts, name) if fact.digest in named)
        for name in facts.__slots__
        if all(hasattr(fact, "digest") for fact in getattr(facts, name))
    }
    asks = tuple(replace(ask, requirement=replace(ask.requirement, maximum_age_days=None)) for ask in own.asks)
    aged = tuple(replace(ask, life=life_of(ask.requirement, own.policy)) for ask in asks)
    packaged = known_of(known.question, known.model, replace(facts, **kept))
    return falls(replace(own, asks=aged), packaged, release.issued_at)


def judge(case: Case, world: World, now: datetime) -> Judged:
    """Say how a release stands.

    Parameters
    ----------
    world
        All policies and libraries that were adopted.
    now
        The moment, UTC.
    """
    terms = world.terms(case.known, now)
    coming = () if isinstance(terms, str) else falls(terms, case.known, now)
    gateways = tuple(fall for fall in case.proof.falls if fall.at > now)
    ahead = (*coming, *(_of_package(fall) for fall in gateways), *_expiry(case.release, now))
    ahead = tuple(sorted(ahead, key=lambda fall: fall.at))
    found = _standing(case, world, terms, min((fall.at for fall in ahead), default=now), now)
    tomorrow = now.replace(hour=0, minute=0, second=0, microsecond=0) + DAY
    turns = [tomorrow, *(fall.at for fall in ahead), *(each for each in (found.ends,) if each and each > now)]
    return Judged(found, ahead, min(turns))


def _standing(case: Case, world: World, terms: Terms | str, until: datetime, now: datetime) -> Standing:
    release, own = case.release, case.proof.own or terms
    brings = AT_ONCE if isinstance(terms, str) or isinstance(own, str) else strictest(own.policy, terms.policy)
    if (over := _over(case, now)) is not None:
        state, lapse = over
        return _lapsed(release, state, (lapse,), brings, now, no_grace=True)
    reasons = tuple(_open(terms, case.known, now))
    named = {reason.demand for reason in reasons}
    worn = tuple(_worn(fall) for fall in case.proof.falls if fall.at <= now and fall.demand not in named)
    if not reasons and not worn:
        return Standing(release, State.IN_FORCE, (), until)
    lapses = (*_since(case, world, terms, reasons, now), *worn)
    lapses = tuple(sorted(lapses, key=lambda lapse: lapse.since))
    if isinstance(own, str) or isinstance(terms, str):
        return _lapsed(release, State.UNKNOWN, lapses, brings, now, no_grace=True)
    by_own = answer(own, case.known, now).open
    no_grace = graceless(by_own) or _taken_back(by_own, case.known, now)
    return _lapsed(release, State.LAPSED, lapses, brings, now, no_grace=no_grace)


def _over(case: Case, now: datetime) -> tuple[State, Lapse] | None:
    """Return why a release is over whatever the gate says; None where it is not."""
    release = case.release
    if case.revoked is not None:
        at, why = case.revoked
        return State.REVOKED, Lapse("", f"the release was revoked: {why}", at)
    if now >= release.expires_at:
        why = f"the release expired at {release.expires_at:%Y-%m-%d %H:%M} UTC: assess again and {SIGN_AGAIN}"
        return State.EXPIRED, Lapse("", why, release.expires_at)
    if case.proof.broken:
        at = max(case.signed_at, case.root_at or case.signed_at)
        return State.LAPSED, Lapse("", f"gateways refuse it: {case.proof.broken}", at)
    return None


def _lapsed(
    release: SignedRelease, state: State, lapses: tuple[Lapse, ...], brings: OnLapse, now: datetime, *, no_grace: bool
) -> Standing:
    if no_grace:
        action = LapseAction.SUSPEND if brings.action is LapseAction.ALERT else brings.action
        return Standing(release, state, lapses, now, action, graceless=True)
    ends = min(lapse.since for lapse in lapses) + timedelta(hours=brings.grace_hours)
    state = State.IN_GRACE if now < ends else state
    return Standing(release, state, lapses, now, brings.action, ends if brings.grace_hours else None)


def _taken_back(reasons: Iterable[Reason], known: Known, now: datetime) -> bool:
    """Tell whether something is open because somebody took a waiver back that had not ended."""
    ended = {fact.record.waiver for fact in known.facts.waiver_ends}
    waivers = [fact for fact in known.facts.waivers if fact.digest in ended and now < fact.record.expires_at]
    controls = {fact.record.control for fact in waivers}
    return any(control_in(reason.demand) in controls for reason in reasons)


def _open(terms: Terms | str, known: Known, moment: datetime) -> Iterator[Reason]:
    if isinstance(terms, str):
        yield Reason("policy", Finding.UNKNOWN, "One policy covers the use case.", terms)
    else:
        yield from answer(terms, known, moment).open


def _since(
    case: Case, world: World, terms: Terms | str, reasons: tuple[Reason, ...], now: datetime
) -> tuple[Lapse, ...]:
    facts = case.known.facts
    came = {fact.at for name in facts.__slots__ for fact in getattr(facts, name) if hasattr(fact, "at")}
    expired = set() if isinstance(terms, str) else edges(terms, case.known)
    floor = case.signed_at
    if facts.rejected and case.root_at is not None:  # what was signed counted until keys were withdrawn
        floor = max(floor, case.root_at)

    def open_at(moment: datetime) -> set[str]:
        then = as_of(case.known, moment)
        return {reason.demand for reason in _open(world.terms(then, moment), then, moment)}

    return since(reasons, (*came, *expired, *world.moments), open_at, floor, now)


def _worn(fall: Fall) -> Lapse:
    return Lapse(fall.demand, f"gateways go by what the release package holds: {fall.why}; {SIGN_AGAIN}", fall.at)


def _of_package(fall: Fall) -> Fall:
    return Fall(fall.at, fall.demand, f"gateways go by what the release package holds: {fall.why}")


def _expiry(release: SignedRelease, now: datetime) -> Iterator[Fall]:
    if now < release.expires_at:
        yield Fall(release.expires_at, "release", "the release expires; assess again and sign a new one")
