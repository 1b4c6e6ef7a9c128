"""Memo: what follows from a policy and its library alone is worked out once, however many versions are asked about."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

MOST = 64
"""Answers that are kept of each function."""

P = ParamSpec("P")
R = TypeVar("R")


def once(function: Callable[P, R]) -> Callable[P, R]:
    """Keep what a pure function of frozen records gave, by the identity of the records.

    They hold mappings, so that they have no hash. The records are kept with the answer: nothing else can take their
    place in memory. Positional arguments only.
    """
    known: dict[tuple[int, ...], tuple[tuple[Any, ...], R]] = {}

    @wraps(function)
    def remembering(*args: P.args, **kwargs: P.kwargs) -> R:
        key = tuple(map(id, args))
        if found := known.get(key):
            return found[1]
        answer = function(*args, **kwargs)
        if len(known) >= MOST:
            known.clear()
        known[key] = args, answer
        return answer

    return remembering
