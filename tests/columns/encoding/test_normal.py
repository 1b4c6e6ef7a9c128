"""The inverse of the normal distribution is scipy's to the last bit."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from muster.columns.encoding.normal import inverse_normal


def test_every_chance_gives_the_bits_of_scipy() -> None:
    rng = np.random.default_rng(0)
    tails = 10.0 ** rng.uniform(-300, 0, 5000)
    chances = np.concatenate(
        [rng.random(5000), tails, 1 - tails, np.exp([-2.0]), 1 - np.exp([-2.0]), [0.0, 0.5, 1.0, np.nan, 5e-324]]
    )
    np.testing.assert_array_equal(inverse_normal(chances), ndtri(chances))
    some = chances[::7]
    np.testing.assert_array_equal([inverse_normal(some[at : at + 1])[0] for at in range(len(some))], ndtri(some))
    np.testing.assert_array_equal([inverse_normal(np.array([end]))[0] for end in (0.0, 1.0)], [-np.inf, np.inf])
