"""Columns of a matrix become one encoding for each input, in the first format of plans where that says it all."""

from __future__ import annotations

import pytest

from muster.adapters.sklearn.reading.settling import settled
from muster.adapters.sklearn.reading.track import REFUSED, Track, begun
from muster.columns.encoding.steps import Step
from muster.records.data import Column, ColumnType

DEBT, HOME = Column("debt", ColumnType.NUMBER), Column("home", ColumnType.CATEGORY)
OWN = begun(HOME, ["own", "rent"])
SCALED = Track("debt", nullable=False).then(Step("subtract", (1.0,)), Step("divide", (2.0,)))


def test_scaled_numbers_and_plain_places_need_no_steps() -> None:
    spread = [OWN.become([1.0, 0.0, 0.0, 0.0]), OWN.become([0.0, 1.0, 0.0, 0.0])]
    (home, debt), _ = settled([*spread, SCALED], [DEBT, HOME], {"home": ["own", "rent"]})
    assert (home.categories, home.places, debt.mean, debt.scale, debt.places) == (("own", "rent"), (), 1.0, 2.0, ())


def test_what_is_more_has_places_and_what_is_left_aside_says_so() -> None:
    (debt, home), _ = settled([SCALED, SCALED.then(Step("missing"))], [DEBT, HOME], {"home": []})
    assert [place.at for place in debt.places] == [0, 1]
    assert home.unread


def test_what_the_pipeline_refuses_is_refused() -> None:
    ((home,), _) = settled([OWN.become([REFUSED, 1.0, 2.0, REFUSED])], [HOME], {"home": ["own", "rent"]})
    assert (home.categories, home.closed) == (("rent",), True)
    with pytest.raises(ValueError, match="one part of the model refuses 'own'"):
        settled([OWN.become([REFUSED, 1.0, 2.0, 3.0])], [HOME], {"home": ["own", "rent"]})
