from __future__ import annotations

import re
from dataclasses import replace

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


def test_live_traffic_and_tests_before_release_are_kept_apart(story: Story) -> None:
    made = text(*chapters(story))
    assert made.index("drift.psi") > made.index("On live traffic")
