"""Findings: what was measured, and which clauses it helps to answer."""

from __future__ import annotations

from collections.abc import Sequence

from muster.lifecycle.dossier.story import Story
from muster.lifecycle.page.charts.intervals import intervals
from muster.lifecycle.page.limits import limits_on
from muster.lifecycle.page.markup import Html, interval, number, said, table, tag, text
from muster.lifecycle.report.measured import title
from muster.records.entry import Recorded
from muster.records.evidence import Evidence, Figure
from muster.records.policy import Limit
from muster.rules.gate.measured import WINDOW, demands_of

HEADS = ("Figure", "Group", "Value", "95 % interval", "n")
SHOWN = 12
"""Figures shown at once; more are folded."""


def evidence(story: Story) -> Html:
    """Return what was measured before release."""
    found = [pair for pair in story.of(Evidence) if pair[1].sample_role != WINDOW]
    return _measured(story, found, "What was measured", "measured", "Nothing was measured.")


def monitoring(story: Story) -> Html:
    """Return what windows of live traffic showed."""
    found = [pair for pair in story.of(Evidence) if pair[1].sample_role == WINDOW]
    return _measured(
        story, found, "What monitoring showed", "monitoring", "No window of live traffic was measured yet."
    )


def clauses(story: Story) -> Html:
    """Return the clauses that the demanded controls help to answer, in our own words."""
    demanded = [story.library.control(requirement.control) for requirement in demands_of(story.policy)]
    named = {name: control.id for control in demanded if control is not None for name in control.clauses}
    rows = [
        (clause.id, clause.summary, clause.status, clause.confidence.value, named[clause.id])
        for clause in story.library.clauses
        if clause.id in named
    ]
    heads = ("Clause", "In our words", "Status", "Source", "Control")
    caption = f"Gathered {story.library.as_of}" if story.library.as_of else "Clauses"
    return tag(
        "section",
        tag("h2", "Which clauses it helps to answer"),
        tag("p", story.library.notice or "Engineering input, not legal advice."),
        table(heads, rows, caption) if rows else tag("p", "The controls name no clause."),
        id="clauses",
    )


def _measured(
    story: Story, found: Sequence[tuple[Recorded, Evidence]], title: str, identifier: str, nothing: str
) -> Html:
    newest = {(e.check, e.sample_name, str(sorted(e.parameters.items()))): recorded.seq for recorded, e in found}
    parts = [_one(story, recorded, e, current=recorded.seq in newest.values()) for recorded, e in found]
    return tag("section", tag("h2", title), *(parts or [tag("p", nothing)]), id=identifier)


def _one(story: Story, recorded: Recorded, evidence: Evidence, *, current: bool) -> Html:
    asking = limits_on(story.policy, story.library, evidence)
    limits = [limit for _, limit in asking]
    statements = dict.fromkeys(control.statement for control, _ in asking)
    held = {limit.figure for limit in limits}
    figures = sorted(evidence.figures, key=lambda figure: figure.name not in held)
    asked = ", ".join(f"{name}: {said(value)}" for name, value in sorted(evidence.parameters.items()))
    replaced = "" if current else " Replaced by newer evidence of the same sample."
    made = f"{recorded.entry.at:%d %B %Y}, by {recorded.entry.actor}"
    notes = (
        f"On “{evidence.sample_name}” ({evidence.sample_role}), {made}, "
        f"entry {recorded.seq}.{f' Asked with {asked}.' if asked else ''}{replaced}"
    )
    drawings = [_drawing(figures, limit) for limit in limits]
    return tag(
        "article",
        tag("h3", title(evidence.check), " ", tag("code", evidence.check)),
        *(tag("p", statement, class_="demand") for statement in statements),
        tag("p", notes, class_="note"),
        *(tag("p", "Could not be measured: ", evidence.reason) for _ in [0] if evidence.reason),
        *drawings,
        *_tables(figures),
        tag("p", evidence.method, class_="note") if evidence.method else "",
        class_="measured",
    )


def _drawing(figures: Sequence[Figure], limit: Limit) -> Html:
    about = [figure for figure in figures if figure.name == limit.figure]
    return intervals(about, limit) if about else text()


def _tables(figures: Sequence[Figure]) -> list[Html]:
    rows = [
        (figure.name, text(figure.group, tag("small", f" {figure.note}") if figure.note else ""), *_numbers(figure))
        for figure in figures
    ]
    shown = [table(HEADS, rows[:SHOWN], f"Figures: {len(rows)}")] if rows else []
    if len(rows) > SHOWN:
        folded = table(HEADS, rows[SHOWN:], "The other figures")
        shown.append(tag("details", tag("summary", f"{len(rows) - SHOWN} more figures"), folded))
    return shown


def _numbers(figure: Figure) -> tuple[str, str, str]:
    return number(figure.value), interval(figure), f"{figure.n:,}"
