from __future__ import annotations

import re
from dataclasses import replace

from muster.lifecycle.page.markup import text
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
