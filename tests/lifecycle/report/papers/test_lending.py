from __future__ import annotations

import re
from dataclasses import replace

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


def _headings(story: Story) -> list[str]:
    return re.findall("<h2>([^<]+)</h2>", text(*chapters(story)))


def test_chapters_come_in_their_order(story: Story) -> None:
    assert _headings(story) == ORDER


def test_no_evidence_stands_there_twice(story: Story) -> None:
    ids = re.findall('id="([^"]+)"', text(*chapters(story)))
    assert len(ids) == len(set(ids))


def test_where_nothing_is_known_the_chapters_say_so(story: Story) -> None:
    bare = replace(story, evidence=(), asked=None, unasked="no policy covers it", search=None, datasets={})
    assert _headings(bare) == ORDER
    assert text(*chapters(bare)).count("Not recorded here: ") >= GAPS


def test_alternatives_and_groups_are_there(story: Story) -> None:
    made = text(*chapters(story))
    assert "fairness.impact_ratio" in made
    assert "candidates" in made
