from collections.abc import Callable, Mapping
from typing import Any

from muster.checks.declare import check
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
