"""Model card: one model version for whoever meets it first.

The questions are those of M. Mitchell et al., *Model Cards for Model Reporting* (FAT* 2019): details, intended use,
factors, metrics, data, analyses, considerations.
"""

from __future__ import annotations

from collections.abc import Iterator

from muster.lifecycle.page.markup import Html
from muster.lifecycle.page.parts import purpose
from muster.lifecycle.report.page import making, unclaimed, verdict
from muster.lifecycle.report.papers.sheet import chapter, data_used, environment, gap, pieces, shown, signatures
from muster.lifecycle.report.story import Story

TITLE = "Model card"


def chapters(story: Story) -> Iterator[Html]:
    """Yield the chapters of a model card."""
    yield purpose(story.use_case)
    yield chapter("What it is not for", gap("uses that its owner rules out, beyond what the unclaimed list below says"))
    yield making(story)
    yield chapter("Data", data_used(story))
    yield chapter("How well it works", shown(story, pieces(story, "performance."), "any figure of performance"))
    yield chapter("For whom", shown(story, pieces(story, "fairness."), "any figure by group"))
    yield chapter("How it holds", shown(story, pieces(story, "robustness.", "drift."), "how it holds under change"))
    yield chapter("In what form it runs", environment(story))
    yield verdict(story)
    yield chapter("Who answers for it", signatures(story))
    yield unclaimed(story)
