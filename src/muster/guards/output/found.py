"""Found: one stretch of an answer that should not be there, and what it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Found:
    """What was found from ``start`` to ``end`` of a piece of text; ``what`` never repeats it."""

    what: str
    start: int
    end: int


Finder = Callable[[str], Iterable[Found]]
"""Finds things of one sort in a piece of text."""


def matches(patterns: Mapping[str, re.Pattern[str]], text: str) -> Iterator[Found]:
    """Yield what the patterns match; the group ``it`` is the stretch meant, where a pattern has one."""
    for what, pattern in patterns.items():
        for found in pattern.finditer(text):
            group = "it" if "it" in pattern.groupindex else 0
            yield Found(what, found.start(group), found.end(group))
