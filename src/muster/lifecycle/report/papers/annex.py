"""Annex IV: technical documentation in the order of Annex IV of Regulation (EU) 2024/1689, headings in our own words.

It holds what the ledger knows. What only the provider can say (hardware, standards applied, the declaration) is named
as not recorded, point by point: a supervisor must see the gaps, and nothing may look filled in that is not.
"""

from __future__ import annotations

from collections.abc import Iterator

from muster.lifecycle.page.markup import Html, tag
from muster.lifecycle.page.parts import purpose
from muster.lifecycle.report.alternatives import alternatives
from muster.lifecycle.report.page import making, unclaimed, verdict
from muster.lifecycle.report.papers.sheet import (
    chapter,
    data_used,
    environment,
    gap,
    listed,
    pieces,
    shown,
    signatures,
    under,
)
from muster.lifecycle.report.story import Story

TITLE = "Technical documentation in the order of Annex IV, EU AI Act"


def chapters(story: Story) -> Iterator[Html]:
    """Yield the chapters in the order of the annex's points 1 to 9."""
    yield chapter(
        "1. General description",
        under("Intended purpose, owner, version", purpose(story.use_case)),
        under("Software and form of delivery", environment(story)),
        gap("1(d)-(h): where it is built in, hardware, user interface, instructions for those who deploy it"),
    )
    yield chapter("2. Elements and development", *_development(story))
    yield chapter(
        "3. Monitoring, functioning and control",
        under("Capabilities and limits, by group", _by_group(story)),
        under("On live traffic", _live(story)),
        under("What its inputs must look like", _inputs(story)),
    )
    yield chapter("4. Why these metrics", _metrics(story))
    yield chapter("5. Risk management", verdict(story), gap("the rest of the risk management system (Article 9)"))
    yield chapter(
        "6. Changes through its life",
        tag("p", "Every change of files, inputs or threshold is another version, with a digest, evidence and sign-off "
        "of its own; this document is about one of them. The ledger has the others."),
    )  # fmt: skip
    yield chapter("7. Standards applied", gap("harmonised standards or common specifications, applied in full or part"))
    yield chapter("8. EU declaration of conformity", gap("a copy of it"))
    yield chapter("9. After it is on the market", _after(story))
    yield unclaimed(story)


def _development(story: Story) -> Iterator[Html]:
    yield under("2(a), (b) Methods, logic and choices", making(story), alternatives(story))
    yield gap("2(c) computing resources used")
    yield under("2(d) Data: origin, selection, labels", data_used(story), shown(
        story, pieces(story, "data.", live=False), "the quality of the data"))  # fmt: skip
    yield under("2(e) Human oversight", tag("p", f"The model {story.use_case.autonomy}."), signatures(story))
    yield gap("2(f) changes that were determined beforehand")
    before = pieces(story, "performance.", "explanation.", live=False)
    yield under("2(g) Validation and testing", shown(story, before, "any test before release"))
    yield under(
        "2(h) Robustness and security",
        shown(story, pieces(story, "robustness.", "security.", live=False), "tests of robustness or security"),
    )


def _by_group(story: Story) -> Html:
    return shown(story, pieces(story, "fairness.", live=False), "accuracy for the groups of people it is used on")


def _live(story: Story) -> Html:
    return shown(story, pieces(story, "", live=True), "any window of live traffic: it has not served yet")


def _inputs(story: Story) -> Html:
    return listed(
        f"{column.name}: {column.type.value}"
        + (f", {column.minimum:g} to {column.maximum:g}" if None not in (column.minimum, column.maximum) else "")
        + (f", one of {', '.join(column.categories)}" if column.categories else "")
        for column in story.version.manifest.inputs
    )


def _metrics(story: Story) -> Html:
    if story.asked is None:
        return gap(f"why: {story.unasked}")
    policy, library = story.asked.policy, story.asked.library
    found = [library.control(requirement.control) for requirement in policy.requirements]
    said = {control.id: control for control in found if control is not None}
    return listed(
        f"{control.statement} ({control.check}{'; ' + ', '.join(control.clauses) if control.clauses else ''})"
        for control in said.values()
    )


def _after(story: Story) -> Html:
    if story.asked is None:
        return gap("a plan to monitor it")
    watched = [r.control for r in story.asked.policy.requirements if r.sample_role == "window"]
    if not watched:
        return gap("a plan to monitor it: its policy demands no control of live traffic")
    return tag("p", f"Its policy demands these controls of windows of live traffic, too: {', '.join(watched)}.")
