"""The checks that this house knows: its own, and those that installed plugins bring, broken ones among them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from muster.lifecycle.desk.action import view
from muster.lifecycle.desk.context import Context

if TYPE_CHECKING:
    from muster.checks.declare import Check

OURS = "muster"
"""Origin of the checks that come with the house."""


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One check in a list."""

    name: str
    version: int | None
    """None where its plugin is broken."""
    origin: str
    """``muster``, or the distribution that brought it with its version."""
    summary: str
    """What it measures; of a broken plugin, why its check is unknown."""


@dataclass(frozen=True, slots=True)
class CheckParameter:
    """What a control may, or must, tell a check."""

    name: str
    required: bool
    meaning: str


@dataclass(frozen=True, slots=True)
class CheckPage:
    """Everything that its author says of a check."""

    name: str
    version: int
    origin: str
    documentation: str
    parameters: tuple[CheckParameter, ...]


@view("check list")
def check_list(_: Context, family: str = "") -> tuple[CheckLine, ...]:
    """List the checks that controls may name, with those of installed plugins.

    Parameters
    ----------
    family
        Only checks of this family, such as ``fairness``.
    """
    from muster.checks.registry import CHECKS, plugins

    offered = plugins()
    theirs = {name: offered.find(name) for name in sorted({*offered.offered, *offered.refused})}
    lines = (_line(name, found) for name, found in (*CHECKS.items(), *theirs.items()))
    return tuple(line for line in lines if not family or line.name.startswith(f"{family}."))


@view("check show")
def check_show(_: Context, name: str) -> CheckPage:
    """Show what a check measures and which parameters it takes.

    Parameters
    ----------
    name
        Name of the check, such as ``fairness.impact_ratio``.
    """
    from muster.checks.registry import find

    try:
        found = find(name)
    except KeyError as problem:
        raise LookupError(problem.args[0]) from None
    parameters = tuple(
        CheckParameter(parameter, parameter in found.required, _plain(found.explain(parameter)))
        for parameter in found.parameters
    )
    return CheckPage(found.name, found.version, found.origin or OURS, _plain(found.documentation), parameters)


def _line(name: str, found: Check | str | None) -> CheckLine:
    from muster.checks.declare import Check

    if isinstance(found, Check):
        return CheckLine(name, found.version, found.origin or OURS, _plain(found.summary))
    return CheckLine(name, None, "", f"broken: {found}")


def _plain(text: str) -> str:
    """Write a docstring for reading: names without backquotes, paragraphs without the line breaks of the source."""
    paragraphs = text.replace("``", "").split("\n\n")
    return "\n\n".join(part if "\n--" in part else " ".join(part.split()) for part in paragraphs)
