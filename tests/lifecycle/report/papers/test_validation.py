from __future__ import annotations

import re
from dataclasses import replace

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


def test_who_measured_is_told_from_who_made_it(story: Story) -> None:
    assert "measurements by anybody but the authors" in text(*chapters(story))
