"""Raw columns of any kind become numbers, and what is none is named by column and row."""

from __future__ import annotations

import numpy as np
import pytest

from muster.columns.encoding.values import Number, listed, numbers_of

AGE = Number("age", 0, integer=True, nullable=True, fill=3.0, mean=0.0, scale=1.0)


def test_null_becomes_what_fills_it() -> None:
    assert numbers_of(AGE, [1, None]).tolist() == [1.0, 3.0]
    assert numbers_of(AGE, np.array([1.0, np.nan])).tolist() == [1.0, 3.0]


def test_a_fraction_among_integers_is_named_by_its_row() -> None:
    with pytest.raises(ValueError, match="column 'age', row 1: expected an integer, got a fraction"):
        numbers_of(AGE, [1.0, 2.5])


def test_texts_come_as_a_list() -> None:
    assert listed(np.array(["a", "b"]), "home") == ["a", "b"]
    with pytest.raises(ValueError, match="one value a row"):
        listed(np.array([["a"]]), "home")
