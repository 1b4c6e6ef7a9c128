from __future__ import annotations

from tests.lifecycle.report.papers.laws import hold

from muster.lifecycle.page.markup import text
from muster.lifecycle.report.papers.lending import chapters
from muster.lifecycle.report.story import Story

ORDER = [
    "What it is for",
    "In short",
    "Prohibited inputs",
    "Proxies",
    "Outcomes by group",
    "What else was tried",
    "Reasons given to those refused",
    "Business need",
    "Data",
    "For counsel",
    "What is not claimed",
]
GAPS = 7


def test_it_keeps_the_laws_of_every_paper(story: Story) -> None:
    hold(chapters, story, ORDER, GAPS)


def test_alternatives_and_groups_are_there(story: Story) -> None:
    made = text(*chapters(story))
    assert "fairness.impact_ratio" in made
    assert "candidates" in made
