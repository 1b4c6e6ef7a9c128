from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from muster.checks.data.listed import DATA
from muster.checks.declare import UNWEIGHTED, Check, check
from muster.checks.fairness.listed import FAIRNESS
from muster.checks.kit import credit_sample
from muster.checks.performance.listed import PERFORMANCE
from muster.checks.performance.value import OUTCOMES
from muster.checks.robustness.listed import ROBUSTNESS
from muster.columns.sample import Sample
from muster.records.evidence import Figure, Measurement, Outcome


@check("test.rows", version=3, required=("of",), parameters=("least",))
def rows(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Count rows.

    More about it.
    """
    if sample.rows < parameters.get("least", 0):
        msg = "too few rows"
        raise ValueError(msg)
    return Measurement((Figure("rows", sample.rows, sample.rows),))


def test_a_declared_check_knows_itself() -> None:
    assert (rows.name, rows.version, rows.parameters) == ("test.rows", 3, ("of", "least"))
    assert rows.summary == "Count rows."
    assert rows.documentation.endswith("More about it.")


def test_it_measures(make_sample: Callable[..., Sample]) -> None:
    found = rows.measure(make_sample(10), {"of": "all"})
    assert found.outcome is Outcome.MEASURED
    assert found.figures[0].value == 10


def test_what_cannot_be_measured_says_why(make_sample: Callable[..., Sample]) -> None:
    found = rows.measure(make_sample(10), {"of": "all", "least": 11})
    assert (found.outcome, found.reason, found.figures) == (Outcome.NOT_MEASURED, "too few rows", ())


def test_misspelt_and_absent_parameters_are_not_passed_over(make_sample: Callable[..., Sample]) -> None:
    misspelt = rows.measure(make_sample(10), {"of": "all", "leest": 1})
    assert misspelt.outcome is Outcome.NOT_MEASURED
    assert misspelt.reason == "check test.rows has no parameter leest; it knows of, least"
    assert rows.measure(make_sample(10), {}).reason == "check test.rows needs the parameter of"


def test_parameters_are_explained_by_their_clause_of_the_docstring() -> None:
    def documented(_: Sample, __: Mapping[str, Any]) -> Measurement:
        """Measure.

        ``of``: whose rows, by 0.5 or more; ``least``: fewest rows of
        all (30). ``least`` again.
        """
        return Measurement(())

    declared = check("test.explained", version=1, parameters=("of", "least", "silent"))(documented)
    assert declared.explain("of") == "whose rows, by 0.5 or more"
    assert declared.explain("least") == "fewest rows of all (30)"
    assert declared.explain("silent") == ""


def _returning(result: Any) -> Check:
    @check("test.returning", version=1)
    def returning(_: Sample, __: Mapping[str, Any]) -> Any:
        """Return what is given."""
        return result

    return returning


def test_figures_that_no_ledger_could_hold_are_not_measured(make_sample: Callable[..., Sample]) -> None:
    found = _returning(Measurement((Figure("auc", float("nan"), 3),))).measure(make_sample(10), {})
    assert (found.outcome, found.figures) == (Outcome.NOT_MEASURED, ())
    assert found.reason == "check test.returning is at fault: figure auc is nan: a finite number is needed"


def test_a_foreign_check_fails_alone_and_signs_what_it_measures(make_sample: Callable[..., Sample]) -> None:
    @check("test.failing", version=1)
    def failing(_: Sample, __: Mapping[str, Any]) -> Measurement:
        """Fail."""
        raise IndexError(7)

    with pytest.raises(IndexError):
        failing.measure(make_sample(10), {})
    found = replace(failing, origin="acme-checks 1.2").measure(make_sample(10), {})
    assert found.outcome is Outcome.NOT_MEASURED
    assert found.reason == "check test.failing of acme-checks 1.2 failed: IndexError: 7"
    sound = replace(_returning(Measurement((Figure("auc", 0.5, 3),))), origin="acme-checks 1.2")
    assert sound.measure(make_sample(10), {}).method == "Check of acme-checks 1.2."
    unsound = replace(_returning(0.5), origin="acme-checks 1.2").measure(make_sample(10), {})
    assert unsound.reason == (
        "check test.returning of acme-checks 1.2 is at fault: it returned float, not a Measurement"
    )


def test_a_check_that_uses_no_weights_says_so(make_sample: Callable[..., Sample]) -> None:
    weighted = make_sample(10, weights=np.linspace(0.5, 2, 10))
    assert rows.measure(weighted, {"of": "all"}).method == UNWEIGHTED
    assert rows.measure(make_sample(10), {"of": "all"}).method == ""
    using = check("test.rows", version=3, required=("of",), parameters=("least",), weighted=True)(rows.function)
    assert using.measure(weighted, {"of": "all"}).method == ""


@pytest.mark.parametrize("known", [*DATA, *PERFORMANCE, *FAIRNESS, *ROBUSTNESS], ids=lambda known: known.name)
def test_no_check_passes_weights_over_in_silence(known: Check) -> None:
    sample = credit_sample(400)
    asked = {
        "attribute": "sex", "columns": ["age"], "sex": "sex", "race": "region", "reference": "female",
        "controls": ["income"], "false_positive": -4, "false_negative": -9, "true_positive": 0, "true_negative": 1,
    }  # fmt: skip
    given = {name: asked[name] for name in known.parameters if name in asked and name in (*known.required, *OUTCOMES)}
    plain = known.measure(sample, given)
    weighted = known.measure(replace(sample, raw_weights=np.linspace(0.2, 3, 400)), given)
    if plain.outcome is not Outcome.MEASURED:
        pytest.skip("asks for another sample")
    refused = weighted.outcome is Outcome.NOT_MEASURED and "weights its rows" in weighted.reason
    assert refused or UNWEIGHTED in weighted.method or (known.weighted and weighted.figures != plain.figures)
