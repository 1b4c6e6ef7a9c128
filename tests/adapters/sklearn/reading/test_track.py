"""A column under way is known by its steps, or by what became of each of its texts."""

from __future__ import annotations

import numpy as np
import pytest

from muster.adapters.sklearn.reading.track import REFUSED, UNSEEN, Track, begun, require_numbers
from muster.columns.encoding.steps import Step
from muster.records.data import Column, ColumnType

HOME = begun(Column("home", ColumnType.CATEGORY), ["own"])


def test_texts_begin_as_their_categories_null_and_any_other() -> None:
    assert HOME.table == ("own", None, UNSEEN)
    assert HOME.is_text
    with pytest.raises(ValueError, match="a scaler of home, which hold text"):
        require_numbers([HOME], "a scaler")


def test_what_a_step_refuses_stays_refused() -> None:
    held = HOME.become([1.0, np.nan, 2.0]).then(Step("present"), Step("add", (1.0,)))
    assert held.table == (2.0, REFUSED, 3.0)
    assert not held.is_text


def test_null_is_possible_until_a_step_ends_it_and_after_a_logarithm_again() -> None:
    begun_ = Track("debt", nullable=True)
    assert not begun_.then(Step("fill", (0.0,))).nullable
    assert begun_.then(Step("fill", (0.0,)), Step("log")).nullable
    assert begun_.then(Step("pick", (None, 0.0))).nullable
    assert begun_.present().present().steps == (Step("present"),)
