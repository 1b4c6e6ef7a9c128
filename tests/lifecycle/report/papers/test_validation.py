from __future__ import annotations

from tests.lifecycle.report.papers.laws import hold

from muster.lifecycle.page.markup import text
from muster.lifecycle.report.papers.validation import chapters
from muster.lifecycle.report.story import Story

ORDER = [
    "1. Model risk: purpose and materiality",
    "2. Development and use",
    "3. Validation and monitoring",
    "4. Governance and controls",
    "5. Vendor and other third-party products",
    "What is not claimed",
]
GAPS = 8


def test_it_keeps_the_laws_of_every_paper(story: Story) -> None:
    hold(chapters, story, ORDER, GAPS)


def test_who_measured_is_told_from_who_made_it(story: Story) -> None:
    assert "measurements by anybody but the authors" in text(*chapters(story))
