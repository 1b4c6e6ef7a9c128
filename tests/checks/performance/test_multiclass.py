from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest
from sklearn import metrics

from muster.checks.registry import measure
from muster.columns.sample import Sample
from muster.records.canonical import canonical
from muster.records.codec import encode
from muster.records.evidence import Figure, Outcome

NAMES = ("a", "b", "c")


def drawn(rows: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    logits = generator.normal(0, 1.2, (rows, 3)) + np.asarray([0.8, 0.0, -0.5])
    scores = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    codes = (generator.random((rows, 1)) > np.cumsum(scores, axis=1)).sum(axis=1)
    return scores, codes


def sample_of(scores: np.ndarray, codes: np.ndarray, names: tuple[str, ...] = NAMES) -> Sample:
    table = pa.table({"grade": [names[code] for code in codes]})
    return Sample.of_classes(table, scores, names, target="grade", name="grades", digest="sha256:00", role="held-out")


def figures(sample: Sample, **parameters: object) -> dict[tuple[str, str], Figure]:
    found = measure("performance.multiclass", sample, parameters)
    assert found.outcome is Outcome.MEASURED, found.reason
    assert canonical(encode(found))
    return {(figure.name, figure.group): figure for figure in found.figures}


def test_figures_are_those_of_scikit_learn() -> None:
    scores, codes = drawn(1500)
    found, predicted = figures(sample_of(scores, codes)), scores.argmax(axis=1)
    assert found["accuracy", ""].value == metrics.accuracy_score(codes, predicted)
    assert found["log_loss", ""].value == pytest.approx(metrics.log_loss(codes, scores))
    assert found["macro_f1", ""].value == pytest.approx(metrics.f1_score(codes, predicted, average="macro"))
    assert found["weighted_f1", ""].value == pytest.approx(metrics.f1_score(codes, predicted, average="weighted"))
    assert found["macro_auc", ""].value == pytest.approx(metrics.roc_auc_score(codes, scores, multi_class="ovr"))
    table = metrics.confusion_matrix(codes, predicted)
    for place, name in enumerate(NAMES):
        group = f"class {name}"
        assert found["auc", group].value == pytest.approx(metrics.roc_auc_score(codes == place, scores[:, place]))
        assert found["recall", group].value == metrics.recall_score(codes == place, predicted == place)
        assert found["precision", group].value == metrics.precision_score(codes == place, predicted == place)
        assert found["f1", group].value == pytest.approx(metrics.f1_score(codes == place, predicted == place))
        for other, said in enumerate(NAMES):
            share = found["confusion", f"actual {name}, predicted {said}"]
            assert round(share.value * share.n) == table[place, other]
    for figure in found.values():
        assert figure.low <= figure.value <= figure.high
        assert figure.n > 0


def test_intervals_cover() -> None:
    truth = figures(sample_of(*drawn(100_000)))
    found = [figures(sample_of(*drawn(250, seed))) for seed in range(2, 82)]
    for name in ("macro_f1", "weighted_f1", "macro_auc", "accuracy", "log_loss"):
        value = truth[name, ""].value
        assert sum(one[name, ""].low <= value <= one[name, ""].high for one in found) >= 70, name


def test_a_rare_class_has_no_area_and_says_so() -> None:
    scores, codes = drawn(300)
    codes[codes == 2] = 0
    codes[:3] = 2
    found = figures(sample_of(scores, codes))
    assert ("auc", "class c") not in found
    assert found["macro_auc", ""].note == "mean of 2 of 3 classes"
    assert found["f1", "class c"].n == 3


def test_many_classes_leave_the_table_out() -> None:
    generator = np.random.default_rng(3)
    names = tuple(f"k{place}" for place in range(30))
    scores = generator.dirichlet(np.ones(30), 600)
    found = measure("performance.multiclass", sample_of(scores, scores.argmax(axis=1), names), {})
    assert "The confusion table of 30 classes is left out." in found.method
    assert not any(figure.name == "confusion" for figure in found.figures)


def test_other_samples_are_not_measured(make_sample: Callable[..., Sample]) -> None:
    assert "no scores of several classes" in measure("performance.multiclass", make_sample(50), {}).reason
    sample = sample_of(*drawn(50))
    assert "no probability of one class" in measure("performance.discrimination", sample, {}).reason
    scores, codes = drawn(50)
    scores[4] = np.nan
    assert "row 4 has a score that is not within 0 and 1" in measure(
        "performance.multiclass", sample_of(scores, codes), {}
    ).reason  # fmt: skip
