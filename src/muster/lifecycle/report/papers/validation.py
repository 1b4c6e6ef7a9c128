"""Validation report, under the headings of SR 26-2 (OCC Bulletin 2026-13), the US guidance on model risk.

The guidance is not binding, and generative models are outside it. Headings are ours; its text is not repeated.
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
    pieces,
    shown,
    signatures,
    under,
)
from muster.lifecycle.report.story import Story

TITLE = "Validation report under the headings of SR 26-2"


def chapters(story: Story) -> Iterator[Html]:
    """Yield the chapters in the order of the guidance's five headings."""
    yield chapter("1. Model risk: purpose and materiality", purpose(story.use_case))
    yield chapter(
        "2. Development and use",
        making(story),
        under("Data", data_used(story), shown(story, pieces(story, "data.", live=False), "the quality of the data")),
        under("Implementation", environment(story)),
    )
    yield chapter("3. Validation and monitoring", *_validation(story))
    yield chapter("4. Governance and controls", verdict(story), under("People", signatures(story)))
    yield chapter("5. Vendor and other third-party products", _vendor(story))
    yield unclaimed(story)


def _validation(story: Story) -> Iterator[Html]:
    sound = pieces(story, "explanation.", "fairness.prohibited", "fairness.proxy", live=False)
    yield under("Conceptual soundness", shown(story, sound, "reasons, proxies or prohibited inputs measured"))
    outcomes = [p for p in pieces(story, "performance.", "robustness.", "fairness.", live=False) if p not in sound]
    yield under("Outcomes analysis", shown(story, outcomes, "outcomes measured before release"))
    yield under("Ongoing monitoring", shown(story, pieces(story, "", live=True), "a window of live traffic"))
    yield under("Effective challenge", alternatives(story), _challenged(story))


def _challenged(story: Story) -> Html:
    """Return who measured: a validator who is no author challenges, an author does not."""
    authors = story.asked.facts.authors if story.asked is not None else frozenset()
    measured = {recorded.entry.actor.removeprefix("local:").partition("/")[0] for recorded, _ in story.evidence}
    if others := sorted(measured - authors):
        return tag("p", f"Measured also by others than its authors: {', '.join(others)}.")
    return gap("measurements by anybody but the authors")


def _vendor(story: Story) -> Html:
    if not story.use_case.third_party and story.version.manifest.hosted is None:
        return tag("p", "The use case names no third party, and the model's files are here.")
    return gap("what the provider has shown about its model, and how a change of it is noticed")
