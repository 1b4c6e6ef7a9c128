"""Evidence: a line for every figure, with its interval and sample size; and searches, a line for every candidate."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from muster.cli.render.plain import rows, short
from muster.cli.render.registry import renders
from muster.lifecycle.assess import Assessment
from muster.lifecycle.monitor import Window
from muster.records.evidence import Evidence, Figure, Outcome
from muster.records.model import Candidate, Search

_MOST = 20
"""Candidates shown; --json has all of them."""

_WIDTHS = {"figure": 28, "group": 16, "value": 8, "95 % interval": 14, "n": 6}
"""Columns of figures and their least widths, so that the blocks of several checks stand under each other."""


@renders((Evidence,))
def render(found: tuple[Evidence, ...], console: Console) -> None:
    """Show figures by check; a check that could not measure says why."""
    _figures(found, console)


@renders(Assessment)
def render_assessment(assessment: Assessment, console: Console) -> None:
    """Show what was measured of a version."""
    console.print(rows({"version": assessment.version, "sample": assessment.sample}))
    console.print()
    _figures(assessment.evidence, console)


@renders(Window)
def render_window(window: Window, console: Console) -> None:
    """Show what a window of live decisions measured, and the gate's verdict with it."""
    verdict = window.decision.verdict.value
    shown = {
        "deployment": window.deployment,
        "version": window.version,
        "decisions with outcome": window.decisions,
        "without outcome": window.without_outcome,
        "outcomes of unknown decisions": window.unknown_decisions,
        "the gate now says": verdict,
    }
    console.print(rows(shown))
    console.print()
    _figures(window.evidence, console)


@renders(Search)
def render_search(search: Search, console: Console) -> None:
    """Show the best candidates of a search."""
    laid = _table("inputs", "learner", "under", "auc", "value", "impact ratio", "group", "open demands")
    for candidate in search.candidates[:_MOST]:
        laid.add_row(*map(Text, _candidate(candidate)))
    console.print(laid)
    shown = min(_MOST, len(search.candidates))
    console.print(Text(f"{shown} of {len(search.candidates)} candidates, best first, on validation rows", "dim"))


def _candidate(candidate: Candidate) -> tuple[str, ...]:
    ratio = "" if candidate.impact_ratio is None else f"{candidate.impact_ratio:.3f}"
    low = "" if candidate.impact_ratio_low is None else f" (from {candidate.impact_ratio_low:.3f})"
    return (
        candidate.feature_set,
        candidate.learner,
        f"{candidate.threshold:g}",
        f"{candidate.auc:.3f}",
        "" if candidate.value is None else f"{candidate.value:,.2f}",
        ratio + low,
        candidate.group,
        ", ".join(candidate.open_demands) or "none",
    )


def _figures(found: Iterable[Evidence], console: Console) -> None:
    """Show a block of lines for each check, under its name: a screen of 80 columns has room for its figures."""
    for place, evidence in enumerate(found):
        if place:
            console.print()
        console.print(Text.assemble((evidence.check, "bold"), (f" on {evidence.sample_name}", "dim")))
        if evidence.outcome is not Outcome.MEASURED:
            console.print(Text.assemble(("not measured: ", "red"), short(evidence.reason)))
        elif evidence.figures:
            console.print(_block(evidence, header=not place))


def _block(evidence: Evidence, *, header: bool) -> Table:
    laid = Table(box=None, header_style="bold", padding=(0, 1, 0, 0), show_header=header)
    for name, width in _WIDTHS.items():
        words = name in {"figure", "group"}
        laid.add_column(name, overflow="fold", no_wrap=not words, min_width=width, justify="left" if words else "right")
    for figure in filter(_telling, evidence.figures):
        laid.add_row(*map(Text, _figure(figure)))
    return laid


def _telling(figure: Figure) -> bool:
    """Whether people look for a figure first; the parts that others are computed from are in --json."""
    return not figure.name.startswith("bin_") and figure.name != "group_share"


def _figure(figure: Figure) -> tuple[str, ...]:
    interval = "" if figure.low is None or figure.high is None else f"{figure.low:.3f} to {figure.high:.3f}"
    return figure.name, figure.group, f"{figure.value:.4g}", interval, f"{figure.n:,}"


def _table(*names: str) -> Table:
    laid = Table(box=None, header_style="bold", pad_edge=False)
    for name in names:
        laid.add_column(name, overflow="fold", justify="right" if name in {"value", "n", "auc"} else "left")
    return laid
