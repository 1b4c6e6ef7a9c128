"""Classes: which of a model's two answers is the probability that is the score."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

BOTH = (0, 1)
"""Classes of a model that names none: it answers with the probability of 1."""


def place_of(classes: Sequence[Any], positive: Any) -> int:
    """Return the place of the positive class among a model's two.

    A class is found by its value or as text, so that 1, 1.0, True and "1" are the same. Where a model knows 0 and 1
    only and the target has other values, 1 stands for the positive one.

    Raises
    ------
    ValueError
        Where the model has not two classes, or the positive one is not among them.
    """
    known = [item.item() if isinstance(item, np.generic) else item for item in classes]
    if len(known) != 2:
        msg = f"the model tells {len(known)} classes apart ({_shown(known)}): a score needs two"
        raise ValueError(msg)
    found = [place for place, item in enumerate(known) if item == positive or str(item) == str(positive)]
    if len(found) == 1:
        return found[0]
    if known == list(BOTH):
        return 1
    msg = f"the model's classes are {_shown(known)}; the positive value {positive!r} is none of them"
    raise ValueError(msg)


def of_positive(second: NDArray[np.float64], classes: Sequence[Any], positive: Any) -> NDArray[np.float64]:
    """Return P(positive) where a model gives the probability of its second class only."""
    return second if place_of(classes, positive) == 1 else 1.0 - second


def _shown(classes: Sequence[Any]) -> str:
    return ", ".join(repr(item)[:40] for item in classes[:10])
