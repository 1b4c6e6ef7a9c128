"""Crossings are found to the very neighbours between which a threshold lies, whatever stands before it."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from muster.columns.encoding.steps import Place, Step
from muster.columns.proof.crossings import crossings, halved, keyed

SAMPLE = np.array([1.0, 5.0, np.nan])


@given(st.floats(-1e6, 1e6))
def test_a_threshold_behind_no_step_is_its_own_crossing(threshold: float) -> None:
    found = dict(crossings((), np.array([threshold]), SAMPLE))
    below, above = found[threshold]
    assert below <= threshold < above
    assert above == np.nextafter(below, np.inf)


@given(st.floats(-100, 100), st.floats(0.01, 100))
def test_a_threshold_behind_a_scaler_is_crossed_between_neighbours(mean: float, scale: float) -> None:
    steps = (Step("subtract", (mean,)), Step("divide", (scale,)), Step("single"))
    for target, (below, above) in crossings(steps, np.array([0.5]), SAMPLE):
        made = [np.float64(np.float32((value - mean) / scale)) for value in (below, above)]
        assert made[0] <= target < made[1]
        assert above == np.nextafter(below, np.inf)


def test_a_falling_chain_is_crossed_too_and_a_flat_one_never() -> None:
    ((_, pair),) = dict(crossings((Step("multiply", (-2.0,)),), np.array([3.0]), SAMPLE)).items()
    assert pair == (np.nextafter(-1.5, -np.inf), -1.5)
    assert not list(crossings((Step("multiply", (0.0,)),), np.array([3.0]), SAMPLE))


def test_values_at_which_a_step_changes_are_met() -> None:
    places = (Place(0, (Step("bin", (2.0, 4.0)),)), Place(1, (Step("equal", (3.0,)),)))
    assert {2.0, 3.0, 4.0, np.nextafter(2.0, 0)} <= set(keyed(places, SAMPLE))


def test_a_side_that_changes_nowhere_leaves_the_search_at_its_end() -> None:
    low, high = halved(lambda values: values < 10, np.array([0.0]), np.array([1.0]))
    assert low[0] < high[0] == 1.0
