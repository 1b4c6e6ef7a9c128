from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from muster.checks.kit import credit_rows
from muster.checks.robustness import compare
from muster.checks.robustness.changes import Change
from muster.checks.robustness.compare import after, before, scored
from muster.columns.rescoring import PlanRescorer
from muster.columns.sample import Sample

MakeSample = Callable[..., Sample]


def test_rows_are_chosen_by_their_values_whatever_their_order(sample_of: MakeSample) -> None:
    table = credit_rows(300, seed=1)
    mixed = table.take(pa.array(np.random.default_rng(3).permutation(300)))
    one, other = before(sample_of(table=table), {"rows": 50}), before(sample_of(table=mixed), {"rows": 50})
    assert one.table.equals(other.table)
    np.testing.assert_array_equal(one.scores, other.scores)
    assert one.scores.size == 50
    assert "50 rows, chosen by seed 20240229 of 300, were scored again" in one.method
    assert (one.numbers, one.categories) == (("income", "late"), ("region",))


def test_of_very_many_rows_some_are_ranked(sample_of: MakeSample, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compare, "MOST_RANKED", 100)
    assert before(sample_of(450), {}).scores.size == 113


def test_another_model_beside_the_sample_is_refused(sample_of: MakeSample) -> None:
    sample = sample_of(50)
    with pytest.raises(ValueError, match=r"off the sample's: it is not the model that scored the sample"):
        before(replace(sample, raw_scores=np.full(50, 0.4)), {})
    with pytest.raises(ValueError, match="comes without its model"):
        before(replace(sample, rescorer=None), {})
    with pytest.raises(ValueError, match="does not say which inputs"):
        before(replace(sample, inputs=()), {})


def test_changed_and_refused_decisions_are_told_apart(sample_of: MakeSample) -> None:
    rows = before(sample_of(200), {})
    poor = {figure.name: figure for figure in after(rows, [Change("income", "set", 0.0)], "poor")}
    adverse = np.count_nonzero(rows.favourable) / 200
    assert poor["decision_change_share"].value == poor["adverse_change_share"].value == adverse
    assert poor["refused_share"].value == 0.0
    assert poor["mean_score_shift"].value > 0
    lost = {figure.name: figure for figure in after(rows, [Change("late", "missing", 1.0)], "lost")}
    assert (lost["decision_change_share"].value, lost["refused_share"].value) == (0.0, 1.0)
    assert "mean_score_shift" not in lost
    assert {figure.group for figure in poor.values()} == {"poor"}


def test_only_the_rows_that_are_refused_are_left_without_a_score(served: PlanRescorer) -> None:
    table = credit_rows(100).select(["income", "late", "region"])
    regions = table["region"].to_pylist()
    regions[17] = regions[64] = "atlantis"
    strange = table.set_column(2, "region", [regions])
    found = scored(served, strange)
    assert np.flatnonzero(np.isnan(found)).tolist() == [17, 64]
    known = ~np.isnan(found)
    np.testing.assert_array_equal(found[known], served(table)[known])
