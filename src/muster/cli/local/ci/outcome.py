"""Outcome: what came of asking the gate in a pipeline: a decision, or why there is none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from muster.records.decision import SETTLED, Decision, Finding, Reason, Verdict

_UNDECIDED = frozenset({Finding.UNKNOWN, Finding.NOT_MEASURED})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was asked, and what came of it."""

    model: str
    """As it was typed."""
    environment: str
    scope: str
    decision: Decision | None
    """None where the gate could not be asked."""
    problem: str = ""
    """Why it could not."""

    @property
    def allowed(self) -> bool:
        """Whether the gate lets the version pass; whatever is not known does not."""
        return self.decision is not None and self.decision.verdict is Verdict.ALLOW

    def demands(self) -> Iterator[tuple[str, Reason]]:
        """Yield every demand under a name of its own: a control may be demanded of two samples."""
        seen: Counter[str] = Counter()
        for reason in () if self.decision is None else self.decision.reasons:
            seen[reason.demand] += 1
            again = seen[reason.demand]
            yield f"{reason.demand} ({again})" if again > 1 else reason.demand, reason


def passed(reason: Reason) -> bool:
    """Tell whether a demand leaves nothing open."""
    return reason.finding in SETTLED


def undecided(reason: Reason) -> bool:
    """Tell whether a demand could not be judged at all, which refuses like one that is not met."""
    return reason.finding in _UNDECIDED
