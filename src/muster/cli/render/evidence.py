"""Evidence: a line for every figure, with its interval and sample size; and searches, a line for every candidate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from muster.cli.render.plain import rows, short, word
from muster.cli.render.registry import renders
from muster.lifecycle.assess import Assessment
from muster.lifecycle.monitor import Window
from muster.lifecycle.serve.traffic.trials import Trial
from muster.records.evidence import Evidence, Figure, Outcome
from muster.records.governance.search import Candidate, Search

_FORMS = ((1000, ",.0f"), (100, ".1f"), (10, ".2f"), (0.01, ".3f"))
"""How the ends of an interval are written, by the larger of them."""

_MOST = 20
"""Candidates shown; --json has all of them."""

_GROUPS = 8
"""Up to so many groups of a figure are all shown; of more, the ends."""

_ENDS = 3
"""How many of the least and of the greatest values are shown of a figure with many groups; --json has all of them."""

_WIDTHS = {"figure": 28, "group": 16, "value": 8, "95 % interval": 14, "n": 6}
"""Columns of figures and their least widths, so that the blocks of several checks stand under each other."""

_NUMBERS = ("value", "95 % interval", "n")

_LEAST = 12
"""Characters that names of figures and groups are left on a narrow screen; they fold."""


@renders((Evidence,))
def render(found: tuple[Evidence, ...], console: Console) -> None:
    """Show figures by check; a check that could not measure says why."""
    _figures(found, console)


@renders(Assessment)
def render_assessment(assessment: Assessment, console: Console) -> None:
    """Show what was measured of a version, what could not be, and where to go on reading."""
    console.print(rows({"version": assessment.version, "sample": assessment.sample}))
    console.print()
    _figures(assessment.evidence, console)
    console.print()
    _sum_up(assessment, console)


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
        "left to people": window.referred,
        "the gate now says": verdict,
    }
    console.print(rows(shown))
    console.print()
    _figures(window.evidence, console)


@renders(Trial)
def render_trial(trial: Trial, console: Console) -> None:
    """Show what a version did beside the champion, and what the gate says of it with that."""
    beside = [
        f"{s.part} {s.begin:%Y-%m-%d %H:%M} - {f'{s.end:%Y-%m-%d %H:%M}' if s.end else 'now'}" for s in trial.spans
    ]
    shown = {
        "deployment": trial.deployment,
        "version": trial.version,
        "champion": trial.champion,
        "beside it": "; ".join(beside),
        "decisions": trial.decisions,
        "of the champion": trial.champion_decisions,
        "the gate now says": trial.decision.verdict.value,
    }
    console.print(rows(shown))
    console.print()
    _figures(trial.evidence, console)


@renders(Search)
def render_search(search: Search, console: Console) -> None:
    """Show the best candidates of a search."""
    laid = _table("", "inputs", "learner", "under", "auc", "value", "impact ratio", "group", "open or broken")
    for place, candidate in enumerate(search.candidates[:_MOST]):
        laid.add_row(*map(Text, ("*" if place in search.front else "", *_candidate(candidate))))
    console.print(laid)
    shown = min(_MOST, len(search.candidates))
    console.print(Text(f"{shown} of {len(search.candidates)} candidates, best first, on validation rows", "dim"))
    if search.front:
        console.print(Text("* on the front: no candidate beats it in both value (or AUC) and impact ratio", "dim"))
    if later := search.candidates[0].unmeasured if search.candidates else ():
        console.print(Text(f"not measured in the search, left to the assessment: {', '.join(later)}", "dim"))
    console.print(Text(f"train the best: muster model train-candidate {search.use_case} MODEL", "dim"))


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
        "; ".join((*candidate.open_demands, *candidate.broken)) or "none",
    )


def _figures(found: Iterable[Evidence], console: Console) -> None:
    """Show a block of lines for each check, under its name: a screen of 80 columns has room for its figures."""
    for place, evidence in enumerate(found):
        if place:
            console.print()
        about = f" on {evidence.sample_name}{_asked(evidence)}"
        console.print(Text.assemble((evidence.check, "bold"), (about, "dim")))
        if evidence.outcome is not Outcome.MEASURED:
            console.print(Text.assemble(("not measured: ", "red"), short(evidence.reason)))
        elif evidence.figures:
            console.print(_block(evidence, console.width, header=not place))


def _asked(evidence: Evidence) -> str:
    """Write what a check was asked with: without it, two blocks of one check could not be told apart."""
    said = "; ".join(f"{name} {word(value)}" for name, value in sorted(evidence.parameters.items()))
    return f", {said}" if said else ""


def _sum_up(assessment: Assessment, console: Console) -> None:
    missing = [evidence.check for evidence in assessment.evidence if evidence.outcome is not Outcome.MEASURED]
    measured = len(assessment.evidence) - len(missing)
    figures = sum(len(evidence.figures) for evidence in assessment.evidence)
    console.print(Text(f"measured: {measured} checks, {figures:,} figures; --json has those not shown", "bold"))
    if missing:
        console.print(Text(f"could not be measured: {len(missing)} ({', '.join(missing)})", "red"))
    version = short(assessment.version)
    console.print(Text(f"what the gate makes of them: muster gate ask {version}", "dim"))
    console.print(Text(f"a page with charts:          muster model report {version}", "dim"))


def _block(evidence: Evidence, width: int, *, header: bool) -> Table:
    """Lay out the figures of a check: numbers have their room first, for none of their digits may be cut off."""
    kept, left = _ends([figure for figure in evidence.figures if _telling(figure)])
    lines = [_figure(figure) for figure in kept]
    widths = {
        name: max(least, *(len(line[place]) for line in lines), 0)
        for place, (name, least) in enumerate(_WIDTHS.items())
    }
    room = width - sum(widths[name] + 1 for name in _NUMBERS) - 2
    widths["figure"] = max(min(widths["figure"], room - _LEAST), _LEAST)
    widths["group"] = max(min(widths["group"], room - widths["figure"]), _LEAST)
    laid = Table(box=None, header_style="bold", padding=(0, 1, 0, 0), show_header=header)
    for name, wide in widths.items():
        number = name in _NUMBERS
        laid.add_column(name, overflow="fold", no_wrap=number, width=wide, justify="right" if number else "left")
    for line in lines:
        laid.add_row(*map(Text, line))
    if left:
        laid.caption = Text(f"the ends of each figure; {left:,} more groups: --json", "dim")
        laid.caption_justify = "left"
    return laid


def _ends(figures: Sequence[Figure]) -> tuple[list[Figure], int]:
    """Return the figures to show, in their order, and how many groups are left out, none of them at either end."""
    named: dict[str, list[Figure]] = {}
    for figure in figures:
        named.setdefault(figure.name, []).append(figure)
    many = {name: sorted(of, key=lambda figure: figure.value) for name, of in named.items() if len(of) > _GROUPS}
    shown = {name: (*of[:_ENDS], *of[-_ENDS:]) for name, of in many.items()}
    kept = [figure for figure in figures if figure.name not in shown or figure in shown[figure.name]]
    return kept, len(figures) - len(kept)


def _telling(figure: Figure) -> bool:
    """Whether people look for a figure first; the parts that others are computed from are in --json."""
    return not figure.name.startswith("bin_") and figure.name != "group_share"


def _figure(figure: Figure) -> tuple[str, ...]:
    value = f"{figure.value:,.0f}" if abs(figure.value) >= 1e4 else f"{figure.value:.4g}"
    return figure.name, figure.group, value, _interval(figure), f"{figure.n:,}"


def _interval(figure: Figure) -> str:
    """Write an interval in as many digits as tell something; a count has none to show."""
    if figure.low is None or figure.high is None or figure.low == figure.high:
        return ""
    largest = max(abs(figure.low), abs(figure.high))
    form = next((form for least, form in _FORMS if largest >= least), ".2g")
    return f"{_signless(f'{figure.low:{form}}')} to {_signless(f'{figure.high:{form}}')}"


def _signless(written: str) -> str:
    """Take the minus from a zero: -0.000 is none."""
    return written if written.strip("-0.") else written.removeprefix("-")


def _table(*names: str) -> Table:
    laid = Table(box=None, header_style="bold", pad_edge=False)
    for name in names:
        laid.add_column(name, overflow="fold", justify="right" if name in {"value", "n", "auc"} else "left")
    return laid
