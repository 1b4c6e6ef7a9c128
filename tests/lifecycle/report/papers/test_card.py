from __future__ import annotations

from tests.lifecycle.report.papers.laws import hold

from muster.lifecycle.report.papers.card import chapters
from muster.lifecycle.report.story import Story

ORDER = [
    "What it is for",
    "What it is not for",
    "How it was made",
    "Data",
    "How well it works",
    "For whom",
    "How it holds",
    "In what form it runs",
    "What the gate says",
    "Who answers for it",
    "What is not claimed",
]
GAPS = 6


def test_it_keeps_the_laws_of_every_paper(story: Story) -> None:
    hold(chapters, story, ORDER, GAPS)
