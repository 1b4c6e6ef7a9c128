"""Put a result on the screen, by the renderer of its type."""

from __future__ import annotations

from typing import Any

from rich.console import Console

from muster.cli.render import decisions, entrance, evidence, journal, lists, orders, packages, people, plain, records
from muster.cli.render.governance import (
    backtests,
    controls,
    coverages,
    policies,
    postures,
    questionnaires,
    sign_offs,
    usecases,
)
from muster.cli.render.language import answers
from muster.cli.render.registry import RENDERERS
from muster.records.decision import Decision

MODULES = (
    answers,
    backtests,
    controls,
    coverages,
    policies,
    postures,
    questionnaires,
    sign_offs,
    usecases,
    decisions,
    entrance,
    evidence,
    journal,
    lists,
    orders,
    packages,
    people,
    records,
)
"""The modules whose declarations fill the registry."""


def put(result: Any, decision: Decision | None, console: Console) -> None:
    """Show a result; where a decision in it does not allow, say what can be done."""
    kind: Any = type(result)
    if isinstance(result, tuple) and result:
        kind = (type(result[0]),)
    RENDERERS.get(kind, plain.render)(result, console)
    if decision is not None:
        decisions.advise(decision, console)
