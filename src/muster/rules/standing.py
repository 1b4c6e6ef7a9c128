"""Standing: whether a release still stands today, asked of the same gate with today's records."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from muster.records.decision import SETTLED, Decision, Verdict
from muster.records.policy import Policy
from muster.records.release import SignedRelease


class State(StrEnum):
    """Whether a release may be served."""

    IN_FORCE = "in-force"
    LAPSED = "lapsed"
    REVOKED = "revoked"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a release stands: state, why, and until when at the latest."""

    release: SignedRelease
    state: State
    reasons: tuple[str, ...]
    until: datetime


def standing(
    release: SignedRelease, decision: Decision, policy: Policy, revoked: Collection[str], now: datetime
) -> Standing:
    """Combine revocation, expiry and the gate's answer of today.

    Parameters
    ----------
    decision
        What :func:`muster.rules.gate.decide.decide` says today about the release's question.
    revoked
        Digests of release packages that were withdrawn.
    """
    until = min(release.expires_at, now + timedelta(days=policy.maximum_evidence_age_days))
    if release.package in revoked:
        return Standing(release, State.REVOKED, ("the release was revoked",), now)
    if now >= release.expires_at:
        return Standing(release, State.EXPIRED, (f"the release expired at {release.expires_at:%Y-%m-%d %H:%M}",), now)
    if decision.verdict is Verdict.ALLOW:
        return Standing(release, State.IN_FORCE, (), until)
    open_demands = (r for r in decision.reasons if r.finding not in SETTLED)
    return Standing(release, State.LAPSED, tuple(f"{r.demand}: {r.explanation}" for r in open_demands), now)
