import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest

from muster.checks.registry import CHECKS, find, measure
from muster.columns.sample import Sample
from muster.records.canonical import canonical
from muster.records.codec import encode
from muster.records.data import Column, ColumnType
from muster.records.evidence import Outcome

AGE = {"attribute": "age", "bands": [25, 50]}
PARAMETERS = {
    **{name: AGE for name in CHECKS if name.startswith("fairness.")},
    "fairness.adjusted_odds": {**AGE, "controls": ["region"]},
    "fairness.consistency": {},
    "fairness.elderly": {"attribute": "age"},
    "fairness.inferred_membership": {"probabilities": {"one": "one", "two": "two"}, "reference": "one"},
    "fairness.label_disparity": {**AGE, "reference": "25-49"},
    "fairness.local_law_144": {"sex": "region", "race": "age", "bands": {"age": [25, 50]}},
    "fairness.prohibited_inputs": {"columns": ["age"]},
}
PARAMETERS |= {
    "performance.value": {
        "currency": "EUR", "true_positive": 0, "false_positive": -40, "true_negative": 100, "false_negative": -900,
    },
    "performance.stability": {"column": "region"},
    "performance.comparison": {"benchmark": "default", "threshold": 0.5},
}  # fmt: skip
OTHERWISE = (
    "fairness.amount_gap",
    "performance.generalisation",
    "performance.multiclass",
    "performance.regression",
    "data.",
    "explanation.",
    "robustness.",
    "oversight.",
    "traffic.",
    "code.",
    "hosted.",
)
BINARY = [name for name in CHECKS if not name.startswith(OTHERWISE)]
"""Checks of one probability a row; the others have samples of their own, or the kit's, in their own tests."""

BLIND = {
    "fairness.elderly",
    "fairness.flip",
    "fairness.label_disparity",
    "fairness.prohibited_inputs",
    "fairness.proxy",
}
"""Checks that do not read scores; two of them do where the model reads the attribute."""

COLUMNS = (Column("income", ColumnType.NUMBER), Column("region", ColumnType.CATEGORY))


def test_unknown_check_names_those_known(make_sample: Callable[..., Sample]) -> None:
    with pytest.raises(KeyError, match=r"no check 'fairness\.impact'; the checks are performance\.discrimination"):
        measure("fairness.impact", make_sample(10), {})


def test_every_check_is_listed_under_its_own_name_and_documented() -> None:
    for name, check in CHECKS.items():
        assert find(name).name == name
        assert check.version >= 1
        assert check.summary.endswith(".") or ":" in check.summary
        assert all(
            f"``{parameter}``" in check.documentation or "as in" in check.documentation
            for parameter in check.parameters
        )


@pytest.mark.parametrize("name", BINARY)
def test_figures_have_n_and_an_interval_around_them_and_fit_the_ledger(
    name: str, make_sample: Callable[..., Sample]
) -> None:
    sample = make_sample(reference=make_sample(seed=2).freeze(COLUMNS))
    found = measure(name, sample, PARAMETERS.get(name, {}))
    assert found.outcome is Outcome.MEASURED, found.reason
    assert found.method
    assert canonical(encode(found))
    keys = [(figure.name, figure.group) for figure in found.figures]
    assert len(set(keys)) == len(keys)
    for figure in found.figures:
        assert isinstance(figure.value, float)
        assert figure.n > 0
        if figure.name != "bin_mean_score":
            assert figure.low <= figure.value <= figure.high, figure


@pytest.mark.parametrize("name", BINARY)
def test_the_same_sample_gives_the_same_figures(name: str, make_sample: Callable[..., Sample]) -> None:
    sample = make_sample(500, reference=make_sample(500, seed=2).freeze(COLUMNS))
    assert measure(name, sample, PARAMETERS.get(name, {})) == measure(name, sample, PARAMETERS.get(name, {}))


@pytest.mark.parametrize("name", [name for name in BINARY if name not in BLIND])
def test_bad_scores_stop_every_check_that_reads_them(name: str, make_sample: Callable[..., Sample]) -> None:
    scores = np.full(500, 0.2)
    scores[7] = np.nan
    sample = make_sample(500, scores=scores, reference=make_sample(500, seed=2).freeze(COLUMNS))
    found = measure(name, sample, PARAMETERS.get(name, {}))
    assert found.outcome is Outcome.NOT_MEASURED
    assert "score is nan in row 7" in found.reason


@pytest.mark.parametrize("name", BINARY)
def test_no_rows_cannot_be_measured(name: str, make_sample: Callable[..., Sample]) -> None:
    sample = make_sample(0, inputs=(), reference=make_sample(500, seed=2).freeze(COLUMNS))
    assert measure(name, sample, PARAMETERS.get(name, {})).outcome is Outcome.NOT_MEASURED


def test_checks_load_no_heavy_library() -> None:
    code = (
        "import sys, muster.checks.registry; "
        "print(sorted({'sklearn', 'scipy', 'pandas', 'mlflow', 'onnxruntime'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
