"""Measured: one evidence record: what was demanded, its charts, every figure, how it was measured, and its entry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from muster.lifecycle.page.charts.bars import bars
from muster.lifecycle.page.charts.intervals import LOOKS, intervals
from muster.lifecycle.page.limits import standing
from muster.lifecycle.page.markup import Html, exact, said, short, table, tag, text
from muster.lifecycle.report.curves import curves
from muster.lifecycle.report.story import Piece, Story
from muster.records.canonical import digest
from muster.records.evidence import Figure, Outcome
from muster.records.policy import Limit
from muster.rules.gate.measured import WINDOW

SHOWN = 12
"""Figures shown at once; many more are folded."""

DRAWN = 2
"""Charts of one record; those that a limit is about are always drawn."""

FEW, MOST = 12, 100
"""Groups of a figure that is drawn without a limit: with charts of limits beside it, and alone."""

_SHARES = {"group_share", "unknown_share"}
"""Who is in the sample, not what was measured of them: for the table."""

_CHANCES = ("_p", "p_value")
"""How probabilities of chance findings are named: read one by one, not against each other."""

_ACRONYMS = {"auc": "AUC", "local law 144": "Local Law 144", "precision recall": "Precision and recall"}


def measured(story: Story, piece: Piece) -> Html:
    """Return the part of the page about one evidence record."""
    evidence = piece.evidence
    live = " on live traffic" if evidence.sample_role == WINDOW else ""
    failed = evidence.outcome is not Outcome.MEASURED
    return tag(
        "article",
        tag("h3", title(evidence.check), live, " ", tag("code", evidence.check)),
        *(tag("p", tag("b", c.id), f": {c.statement}", class_="demand") for c, _ in piece.limits),
        tag("p", tag("strong", "Could not be measured: ", class_="not-measured"), evidence.reason) if failed else "",
        *(_charts(story, piece) if piece.current else ()),  # what was replaced is for looking up
        *_tables(piece),
        _provenance(piece),
        id=anchor(digest(piece.recorded.raw)),
        class_="measured" if piece.current else "measured replaced",
    )


def title(check: str) -> str:
    """Write the name of a check as words."""
    words = check.partition(".")[2].replace("_", " ") or check
    return _ACRONYMS.get(words, words[:1].upper() + words[1:])


def anchor(entry: str) -> str:
    """Return where on the page the evidence of a ledger entry stands."""
    return f"entry-{entry.removeprefix('sha256:')}"


def _provenance(piece: Piece) -> Html:
    evidence, entry = piece.evidence, piece.recorded.entry
    asked = "; ".join(f"{name}: {said(value)}" for name, value in sorted(evidence.parameters.items()))
    lines = [
        text(
            f"On “{evidence.sample_name}” ({evidence.sample_role}, ", short(evidence.sample), ")",
            f", {entry.at:%d %B %Y, %H:%M} UTC, by {entry.actor}. Ledger entry {piece.recorded.seq}, ",
            short(digest(piece.recorded.raw)), f". Check version {evidence.check_version}",
            f", asked with {asked}." if asked else ".",
        )
    ]  # fmt: skip
    if not piece.current:
        lines.append(text("Replaced by newer evidence of the same sample."))
    if evidence.method:
        lines.insert(0, text(f"How: {evidence.method}"))
    return tag("div", *(tag("p", line) for line in lines), class_="note")


def _charts(story: Story, piece: Piece) -> Iterable[Html]:
    figures = piece.evidence.figures
    judged = {limit.figure for _, limit in piece.limits}
    for _, limit in piece.limits:
        if about := [figure for figure in figures if figure.name == limit.figure]:
            yield intervals(about, limit)
    drawn = list(curves(piece.evidence, story.version.manifest.decision.threshold))
    yield from drawn
    if not drawn:
        yield from _free(figures, judged, max(1, DRAWN - len(piece.limits)))


def _free(figures: Sequence[Figure], judged: set[str], most: int) -> Iterable[Html]:
    """Draw figures of several groups that no limit is about."""
    named: dict[str, list[Figure]] = {}
    for figure in figures:
        if figure.group and figure.name not in judged | _SHARES and not figure.name.endswith(_CHANCES):
            named.setdefault(figure.name, []).append(figure)
    fit = [about for about in named.values() if 1 < len(about) <= (FEW if judged else MOST)]
    several = [about for about in fit if any(figure.value for figure in about)]
    ranged = [about for about in several if any(f.low != f.high for f in about)]
    for about in (ranged or several)[:most]:
        yield intervals(about) if ranged else bars(about)


def _tables(piece: Piece) -> Iterable[Html]:
    limits = {limit.figure: limit for _, limit in piece.limits}
    figures = sorted(piece.evidence.figures, key=lambda figure: figure.name not in limits)
    if not figures:
        return
    grouped = any(figure.group for figure in figures)
    heads = ("Figure", *(("Group",) * grouped), "Value", "95 % interval", "n", *(("Against the limit",) * bool(limits)))
    rows = [_row(figure, limits, grouped=grouped) for figure in figures]
    first = len(rows) if len(rows) <= SHOWN + 3 else SHOWN
    count = f"{len(rows)} figure{'s' * (len(rows) > 1)}"
    shown = count if first == len(rows) else f"the first {first} of {count}"
    yield table(heads, rows[:first], f"{title(piece.evidence.check)}: {shown}")
    if rest := rows[first:]:
        folded = table(heads, rest, f"{title(piece.evidence.check)}: the other {len(rest)} figures")
        yield tag("details", tag("summary", f"{len(rest)} more figures"), folded)


def _row(figure: Figure, limits: dict[str, Limit], *, grouped: bool) -> tuple[Html, ...]:
    name, note = figure.name.replace("_", " "), tag("small", figure.note) if figure.note else ""
    named = (text(name), text(figure.group or "all rows", note)) if grouped else (text(name, note),)
    row = (
        *named,
        exact(figure.value),
        _interval(figure),
        text(f"{figure.n:,}"),
    )
    return (*row, *([_outcome(figure, limits.get(figure.name))] if limits else []))


def _interval(figure: Figure) -> Html:
    if figure.low is None or figure.high is None:
        return text("none")
    if figure.low == figure.high == figure.value:
        return text("exact")
    return tag("span", exact(figure.low), " to ", exact(figure.high))


def _outcome(figure: Figure, limit: Limit | None) -> Html:
    outcome = None if limit is None else standing(limit, figure)
    return text() if outcome is None else tag("span", outcome.value, class_=f"key {LOOKS[outcome][1]}")
