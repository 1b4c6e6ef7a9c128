from __future__ import annotations

from tests.lifecycle.report.papers.laws import hold

from muster.lifecycle.page.markup import text
from muster.lifecycle.report.papers.annex import chapters
from muster.lifecycle.report.story import Story

ORDER = [
    "1. General description",
    "2. Elements and development",
    "3. Monitoring, functioning and control",
    "4. Why these metrics",
    "5. Risk management",
    "6. Changes through its life",
    "7. Standards applied",
    "8. EU declaration of conformity",
    "9. After it is on the market",
    "What is not claimed",
]
GAPS = 12


def test_it_keeps_the_laws_of_every_paper(story: Story) -> None:
    hold(chapters, story, ORDER, GAPS)


def test_live_traffic_and_tests_before_release_are_kept_apart(story: Story) -> None:
    made = text(*chapters(story))
    assert made.index("drift.psi") > made.index("On live traffic")
