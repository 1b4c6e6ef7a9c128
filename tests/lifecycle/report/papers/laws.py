"""What holds for every paper about a version, whatever it is written for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from muster.lifecycle.page.markup import Html, text
from muster.lifecycle.report.story import Story

Chapters = Callable[[Story], Iterable[Html]]


def hold(chapters: Chapters, story: Story, order: Sequence[str], gaps: int) -> None:
    """Assert that chapters come in their order, no evidence stands twice, and what is not known is said to be so."""
    made = text(*chapters(story))
    assert _headings(made) == order
    ids = re.findall('id="([^"]+)"', made)
    assert len(ids) == len(set(ids))
    bare = text(
        *chapters(replace(story, evidence=(), asked=None, unasked="no policy covers it", search=None, datasets={}))
    )
    assert _headings(bare) == order
    assert bare.count("Not recorded here: ") >= gaps


def _headings(made: str) -> list[str]:
    return re.findall("<h2>([^<]+)</h2>", made)
