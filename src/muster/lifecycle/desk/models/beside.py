"""What belongs to logged decisions and stands elsewhere: inputs that are kept apart, and what people said of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.models.logged import logged
from muster.lifecycle.desk.reach.cover import holds_for
from muster.ports.log import INPUT, Locked, Stream
from muster.records.governance.overrides import APPROVE, REFER, REFUSE, Override
from muster.records.model import ModelVersion
from muster.records.people import Role

READERS = frozenset({Role.OPERATOR, Role.VALIDATOR})
"""Who may have inputs joined that a policy keeps apart."""


@dataclass(frozen=True, slots=True)
class Apart:
    """What became of the inputs of a version that are kept apart."""

    joined: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    """Those that could not be joined."""
    why: str = ""
    denied: bool = False
    """Whether it is only that the asking person may not have them."""


def join_personal(context: Context, version: ModelVersion, deployment: str, decisions: Any) -> tuple[Any, Apart]:
    """Join the inputs that are kept apart with decisions, where the asking person may and they are there of all."""
    from muster.columns.window import with_personal

    lacking = tuple(name for name in version.manifest.recipe.inputs if name not in decisions.column_names)
    if not lacking:
        return decisions, Apart()
    named = f"inputs {', '.join(lacking)} are kept apart from the log"
    if not any(holds_for(context, role, version.use_case) for role in READERS):
        roles = " or ".join(sorted(READERS))
        return decisions, Apart(absent=lacking, why=f"{named}: {roles} may have them joined", denied=True)
    try:
        apart = logged(context, deployment, Stream.PERSONAL)
        table, absent = with_personal(decisions, apart, version=version.digest, prefix=INPUT)
    except Locked as locked:
        return decisions, Apart(absent=lacking, why=f"{named}, and {locked}")
    if absent:
        why = f"{named}, and gone for {absent:,} of {decisions.num_rows:,} decisions"
        return decisions, Apart(absent=lacking, why=why)
    still = tuple(name for name in lacking if name not in table.column_names)
    return table, Apart(tuple(name for name in lacking if name not in still), still, f"{named}, and not there")


def beside_people(context: Context, deployment: str, decisions: Any, outcomes: Any) -> Any:
    """Return all decisions with what the model and people said of each, and attributes where they are known."""
    from muster.columns.window import with_people

    said = {known.decision: known.to for _, known in context.history(Override) if known.deployment == deployment}
    return with_people(decisions, outcomes, said, (APPROVE, REFUSE, REFER))
