from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest
from sklearn.metrics import accuracy_score, brier_score_loss, roc_auc_score
from sklearn.tree import DecisionTreeClassifier

from muster.checks.registry import measure
from muster.columns.rescoring import Companion
from muster.columns.sample import Sample
from muster.records.evidence import Figure, Outcome

MakeSample = Callable[..., Sample]


def beside(make_sample: MakeSample, leaf: int) -> tuple[Sample, Sample]:
    """Fit a tree, small leaves or large, and return a sample with it and its training rows, and those rows scored."""
    training, fresh = make_sample(2000, seed=1), make_sample(2000, seed=2)

    def inputs(table: pa.Table) -> np.ndarray:
        return np.column_stack([np.asarray(table["age"]), np.asarray(table["income"])])

    tree = DecisionTreeClassifier(min_samples_leaf=leaf, random_state=0).fit(inputs(training.table), training.labels)

    def rescore(table: pa.Table, /) -> np.ndarray:
        return tree.predict_proba(inputs(table))[:, 1]

    companion = Companion.of(training.table, name="rows", digest="sha256:07", role="training")
    sample = make_sample(table=fresh.table, scores=rescore(fresh.table)).beside(rescorer=rescore, companion=companion)
    return sample, make_sample(table=training.table, scores=rescore(training.table))


def figures(sample: Sample) -> dict[str, Figure]:
    found = measure("performance.generalisation", sample, {})
    assert found.outcome is Outcome.MEASURED, found.reason
    assert "rows (training, sha256:07)" in found.method
    return {figure.name: figure for figure in found.figures}


def test_a_model_that_learnt_its_rows_by_heart_is_found_out(make_sample: MakeSample) -> None:
    sample, training = beside(make_sample, leaf=2)
    found = figures(sample)
    aucs = [roc_auc_score(each.labels, each.scores) for each in (sample, training)]
    assert [found["auc"].value, found["auc_beside"].value] == pytest.approx(aucs)
    assert found["auc_change"].value == pytest.approx(aucs[0] - aucs[1])
    briers = [brier_score_loss(each.labels, each.scores) for each in (sample, training)]
    assert found["brier_change"].value == pytest.approx(briers[0] - briers[1])
    right = [accuracy_score(each.labels, each.scores >= 0.3) for each in (sample, training)]
    assert found["accuracy_change"].value == pytest.approx(right[0] - right[1])
    assert found["auc_change"].high < -0.1
    assert found["brier_change"].low > 0.05


def test_a_modest_model_does_as_well_elsewhere(make_sample: MakeSample) -> None:
    found = figures(beside(make_sample, leaf=400)[0])
    for name in ("auc_change", "brier_change", "accuracy_change"):
        assert found[name].low < 0 < found[name].high, name


def test_what_is_not_beside_the_sample_is_asked_for(make_sample: MakeSample) -> None:
    sample, _ = beside(make_sample, leaf=50)
    alone = make_sample(50)
    assert "give the training rows and the model" in measure("performance.generalisation", alone, {}).reason
    blind = Companion.of(sample.table.drop_columns(["default"]), name="rows", digest="sha256:08", role="training")
    found = measure("performance.generalisation", sample.beside(companion=blind), {})
    assert found.outcome is Outcome.NOT_MEASURED
    assert "no column 'default'" in found.reason
