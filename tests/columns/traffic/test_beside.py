from __future__ import annotations

import numpy as np

from muster.columns.traffic.beside import least_ratio, quantile
from muster.columns.traffic.sides import Side


def test_the_interval_of_aquantile_holds_as_often_as_it_says() -> None:
    chance, true = np.random.default_rng(1), float(-np.log(0.01))
    hits = 0
    for _ in range(400):
        low, value, high = quantile([chance.exponential(size=1500)])
        assert low <= value <= high
        hits += low <= true <= high
    assert 0.92 <= hits / 400 <= 0.99
    assert quantile([chance.exponential(size=100)])[2] == float("inf"), "too few values have no upper limit"


def test_the_least_favoured_group_counts() -> None:
    side = Side(groups={"a": [80, 100], "b": [40, 100], "c": [70, 100], "few": [0, 10]})
    figure = least_ratio(side)
    assert figure is not None
    assert (figure.group, figure.value, figure.n) == ("b", 0.5, 100)
    assert least_ratio(Side(groups={"a": [80, 100]})) is None
    assert least_ratio(Side(groups={"a": [0, 100], "b": [0, 100]})) is None
