from collections.abc import Callable

import pytest
from sklearn.metrics import confusion_matrix

from muster.checks.fairness.accuracy import accuracy
from muster.checks.kit import assert_lawful
from muster.columns.sample import Sample


def test_accuracy_and_errors_are_those_of_confusion_matrices(make_sample: Callable[..., Sample]) -> None:
    sample = make_sample()
    measured = accuracy.measure(sample, {"attribute": "region", "reference": "north"})
    found = {(figure.name, figure.group): figure for figure in measured.figures}
    rates = {}
    for region in ("north", "south"):
        inside = [value == region for value in sample.table["region"].to_pylist()]
        tn, fp, fn, tp = confusion_matrix(~sample.labels[inside], sample.favourable[inside]).ravel()
        rates[region] = (tn + tp) / (tn + fp + fn + tp), fn / (fn + fp)
        assert found["accuracy", f"region={region}"].value == rates[region][0]
        share = found["wrongly_refused_share", f"region={region}"]
        assert (share.value, share.n) == (rates[region][1], fn + fp)
        assert share.note == f"{fn} wrongly refused, {fp} wrongly favoured"
    for place, name in enumerate(("accuracy_difference", "treatment_equality_difference")):
        expected = abs(rates["south"][place] - rates["north"][place])
        assert found[name, "region=south"].value == pytest.approx(expected)


def test_faultless_decisions_still_have_an_accuracy(make_sample: Callable[..., Sample]) -> None:
    sample = make_sample()
    measured = accuracy.measure(make_sample(favourable=sample.qualified), {"attribute": "region"})
    assert {figure.name for figure in measured.figures} == {"accuracy", "accuracy_difference"}
    assert all(figure.value == 1.0 for figure in measured.figures if figure.name == "accuracy")


def test_it_keeps_the_laws() -> None:
    assert_lawful(accuracy, {"attribute": "sex"})
