"""Intake: a use case is registered and its risk tier computed before any model is trained for it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from muster.lifecycle.desk.action import action, view
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.seen.worth import Worth, worths
from muster.records.people import Role
from muster.records.purpose import UseCase
from muster.rules.tier import tier

AUTONOMY = ("decides", "recommends", "informs")


@dataclass(frozen=True, slots=True)
class TieredUseCase:
    """A use case with its computed risk tier, and the facts that set it."""

    use_case: UseCase
    tier: str
    reasons: tuple[str, ...]
    worth: tuple[Worth, ...] = ()
    """Expected value of its versions, as evaluations found it; none where no value of outcomes is stated."""


@action("use-case register", roles=(Role.OWNER, Role.ML_ENGINEER, Role.RISK_ANALYST))
def register(context: Context, use_case: UseCase) -> TieredUseCase:
    """Register a use case, or a new version of its facts; the risk tier follows from them.

    Parameters
    ----------
    use_case
        Its facts: purpose, owner, domain, people affected, exposure, autonomy, jurisdictions, KPI, value per outcome.
    """
    if not use_case.id.strip() or not use_case.purpose.strip():
        msg = "use case: id and purpose must say something"
        raise ValueError(msg)
    if use_case.autonomy not in AUTONOMY:
        msg = f"use case {use_case.id!r}: autonomy is {use_case.autonomy!r}, use one of {', '.join(AUTONOMY)}"
        raise ValueError(msg)
    if not use_case.jurisdictions:
        msg = f"use case {use_case.id!r}: name at least one jurisdiction, such as US or EU"
        raise ValueError(msg)
    context.record(use_case)
    return _tiered(use_case)


@view("use-case list")
def listed(context: Context) -> tuple[TieredUseCase, ...]:
    """List the use cases with their risk tiers."""
    newest = {case.id: case for _, case in context.history(UseCase)}
    return tuple(_tiered(case) for case in newest.values())


@view("use-case show")
def show(context: Context, id: str) -> TieredUseCase:  # noqa: A002 - the field's word
    """Show a use case, why it has its risk tier, its KPI, and what its outcomes and decisions are worth."""
    context.house.ledger.refresh()
    found = context.latest(UseCase, f"use-case:{id}")
    return replace(_tiered(found), worth=worths(context, found))


def _tiered(use_case: UseCase) -> TieredUseCase:
    computed, reasons = tier(use_case)
    return TieredUseCase(use_case, computed.value, reasons)
