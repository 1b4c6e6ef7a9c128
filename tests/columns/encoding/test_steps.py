"""Steps do what their words say, refuse what the library refuses, and say which row it was."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special, stats

from muster.columns.encoding.steps import Step, packed, require_known, run

NAN = float("nan")


@pytest.mark.parametrize(
    ("step", "values", "made"),
    [
        (Step("fill", (2.0,)), [NAN, 1.0], [2.0, 1.0]),
        (Step("missing"), [NAN, 1.0], [1.0, 0.0]),
        (Step("bin", (1.0, 2.0)), [0.5, 1.0, 2.5], [0.0, 1.0, 2.0]),
        (Step("pick", (9.0, 8.0, 1.0, 5.0, 0.0, None)), [1.0, 0.0, 3.0, NAN], [5.0, NAN, 9.0, 8.0]),
        (Step("pick", (None, None)), [1.0, NAN], [NAN, NAN]),
        (Step("replace", (-1.0, 3.0)), [-1.0, 2.0], [3.0, 2.0]),
        (Step("clip", (0.0, 1.0)), [-4.0, 0.5, 3.0, NAN], [0.0, 0.5, 1.0, NAN]),
        (Step("above", (1.0,)), [1.0, 1.5], [0.0, 1.0]),
        (Step("floor"), [-0.5, 1.5, NAN], [-1.0, 1.0, NAN]),
        (Step("truncate"), [-0.5, 1.5, NAN], [-0.0, 1.0, NAN]),
        (Step("single"), [0.1, NAN], [float(np.float32(0.1)), NAN]),
        (Step("quantile", (1.0, 3.0, 0.0, 1.0)), [1.0, 2.0, 9.0, NAN], [0.0, 0.5, 1.0, NAN]),
    ],
)
def test_a_step_makes_of_values_what_its_word_says(step: Step, values: list[float], made: list[float]) -> None:
    np.testing.assert_array_equal(run(step, np.array(values)), made)


@pytest.mark.parametrize(
    ("step", "value"),
    [
        (Step("present"), NAN),
        (Step("among", (1.0, 2.0)), 3.0),
        (Step("single"), 1e300),
        (Step("multiply", (1e300,)), 1e300),
        (Step("exp"), 1e6),
        (Step("log"), 0.0),
        (Step("box-cox", (0.5,)), 0.0),
        (Step("box-cox", (2.0,)), 1e300),
        (Step("yeo-johnson", (2.0,)), 1e300),
    ],
)
def test_a_step_refuses_what_the_library_refuses_and_names_the_row(step: Step, value: float) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        run(step, np.array([1.0, value]))
    assert caught.value.args[1] == 1


@pytest.mark.parametrize("power", [-1.5, 0.0, 1e-17, 0.3, 1.0, 2.0, 2.0 + 1e-16, 3.7])
def test_powers_are_scipys_to_the_last_bit(power: float) -> None:
    rng = np.random.default_rng(5)
    values = np.concatenate([rng.normal(0, 50, 400), rng.lognormal(0, 4, 400), [0.0, -0.0, 1e-300, -1e-300]])
    assert run(Step("yeo-johnson", (power,)), values).tobytes() == stats.yeojohnson(values, power).tobytes()
    above = values[values > 0]
    above = above[~np.isinf(special.boxcox(above, power))]
    assert run(Step("box-cox", (power,)), above).tobytes() == special.boxcox(above, power).tobytes()
    assert np.isnan([run(Step(word, (power,)), np.array([NAN]))[0] for word in ("yeo-johnson", "box-cox")]).all()


def test_a_word_that_is_not_known_is_refused() -> None:
    require_known([Step("add", (1.0,))])
    with pytest.raises(ValueError, match="steps conjure, which this release"):
        require_known([Step("conjure")])


def test_numbers_that_are_none_stand_as_none() -> None:
    assert packed([1.0, NAN]) == (1.0, None)
