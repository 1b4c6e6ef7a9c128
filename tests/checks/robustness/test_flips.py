"""The model's thresholds are known, so that the smallest flips are known too: the search must find them."""

from collections.abc import Callable

import numpy as np
import pytest

from muster.checks.kit import assert_lawful
from muster.checks.robustness.changes import spread
from muster.checks.robustness.flips import flips
from muster.columns.sample import Sample
from muster.records.evidence import Figure

MakeSample = Callable[..., Sample]


def by_group(figures: tuple[Figure, ...], name: str) -> dict[str, Figure]:
    return {figure.group: figure for figure in figures if figure.name == name}


def test_the_search_finds_the_split_thresholds(sample_of: MakeSample) -> None:
    sample = sample_of(200)
    found = assert_lawful(flips, {"reach": 0.5, "halvings": 14}, sample)
    assert sample.companion is not None
    income, late = sample.table["income"].to_numpy(), sample.table["late"].to_numpy()
    size = spread(sample.companion.table["income"].to_numpy())
    # Income decides only of those with fewer than two late payments; late payments only of those with enough income.
    away = np.abs(income - 20_000)[late < 2] / size
    shares, medians = by_group(found.figures, "flippable_share"), by_group(found.figures, "median_flip_distance")
    assert shares["income"].value == pytest.approx(np.count_nonzero(away <= 0.5) / 200, abs=0.006)
    assert medians["income"].n == away.size
    assert medians["income"].value == pytest.approx(np.median(away), rel=0.01)
    steps = np.where(late < 2, 2 - late, late - 1)[income > 20_000] / spread(
        sample.companion.table["late"].to_numpy().astype(float)
    )
    assert medians["late"].n == steps.size
    assert medians["late"].value == pytest.approx(np.median(steps))
    assert shares["any input"].value >= shares["income"].value
    assert by_group(found.figures, "category_flip_share")["region"].value == 0.0


def test_fewer_halvings_find_flips_that_are_further(sample_of: MakeSample) -> None:
    sample = sample_of(200)
    rough, fine = (
        by_group(flips.measure(sample, {"halvings": halvings}).figures, "median_flip_distance")["income"].value
        for halvings in (0, 10)
    )
    assert fine <= rough


def test_one_input_can_be_asked_for(sample_of: MakeSample) -> None:
    sample = sample_of(80)
    assert {figure.group for figure in flips.measure(sample, {"columns": ["region"]}).figures} == {"region"}
    assert "age is no input of the model" in flips.measure(sample, {"columns": ["age"]}).reason


def test_rows_are_at_most_those_asked_for(sample_of: MakeSample) -> None:
    found = flips.measure(sample_of(300), {"rows": 40})
    assert {figure.n for figure in found.figures if figure.name == "flippable_share"} == {40}
