"""Grace: for how long a policy lets be served what time made lapse, and what no policy can give grace for.

A gateway and the control plane ask here alike. What was withdrawn, by revocation, by taking back a sign-off or by
replacing a key, and what is not proven, has no grace: then somebody or something says that it must not be served.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from muster.records.decision import SETTLED, Decision, Finding, Reason, Verdict
from muster.records.governance.terms import LapseAction, OnLapse
from muster.records.policy import Policy
from muster.rules.gate.decide import good_until
from muster.rules.gate.facts import Facts
from muster.rules.gate.people.counting import conditions_until
from muster.rules.gate.people.emergency import due_in

AT_ONCE = OnLapse(LapseAction.SUSPEND)
"""What a lapse brings where a policy says nothing."""

GRACELESS = ("version", "authors", "environment", "requirements", "policy", "parity", "policy-sign-off:", "sign-off:")
"""Demands (or how they begin) about who made and signed what, and about proof; all others are about what time brings.

A ``policy`` that makes no sense, or no longer demands anything, allows nothing to anybody.
"""


def grace_of(policy: Policy) -> timedelta:
    """Return how long after a lapse a policy lets be served what lapsed."""
    return timedelta(hours=(policy.on_lapse or AT_ONCE).grace_hours)


def graceless(reasons: Iterable[Reason]) -> bool:
    """Tell whether something is open for which there is no grace."""
    found = (reason.demand for reason in reasons if reason.finding not in SETTLED)
    return any(name == each or (each.endswith(":") and name.startswith(each)) for name in found for each in GRACELESS)


def strictest(own: Policy, today: Policy) -> OnLapse:
    """Return what a lapse brings: as today's policy says, but no more lenient than the policy it was released under.

    Otherwise a milder policy, adopted after the release, would keep in service what its own policy takes out of it.
    """
    first, now = own.on_lapse or AT_ONCE, today.on_lapse or AT_ONCE
    action = first.action if now.action is LapseAction.ALERT else now.action
    return OnLapse(action, min(first.grace_hours, now.grace_hours))


def within_grace(
    policy: Policy, decision: Decision, decide_at: Callable[[datetime], Decision], issued_at: datetime, now: datetime
) -> Decision | None:
    """Return the last decision that allows what lapsed within the grace of its policy; None where there is none.

    Facts of a release package stay as they are, so that only time makes them lapse: what was allowed one grace ago,
    and is refused now, lapsed in between.

    Parameters
    ----------
    decision
        What the gate says now: it refuses.
    decide_at
        Asks the gate about another moment, with the same facts.
    issued_at
        When the release was signed; before it, nothing was allowed.
    """
    grace = grace_of(policy)
    if not grace or graceless(decision.reasons):
        return None
    before = decide_at(max(issued_at, now - grace))
    return before if before.verdict is Verdict.ALLOW else None


def served_until(policy: Policy, facts: Facts, decision: Decision) -> tuple[datetime, ...]:
    """Return the moments at which a gateway must stop on an allowing decision: when it expires, and grace is over.

    What people said has no grace: time for sign-offs that are still missing was given once, and is not given again,
    and a sign-off whose condition is overdue counts no more.
    """
    met = frozenset(name for reason in decision.reasons if reason.finding is Finding.MET for name in reason.evidence)
    strict, grace = {*due_in(policy, facts, decision), *conditions_until(facts, met)}, grace_of(policy)
    return tuple(moment if moment in strict else moment + grace for moment in good_until(policy, facts, decision))
