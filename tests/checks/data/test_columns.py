from muster.checks.data.columns import columns
from muster.checks.kit import assert_lawful, credit_sample
from muster.records.evidence import Outcome


def test_prohibited_columns_and_restricted_inputs_are_counted_and_named() -> None:
    found = assert_lawful(columns, {"prohibited": ["AGE", "name*"], "restricted": ["*come", "sex"]})
    counts = {(figure.name, figure.group): (figure.value, figure.note) for figure in found.figures}
    assert counts == {
        ("prohibited_columns", ""): (1, "age"),
        ("prohibited_columns", "AGE"): (1, "age"),
        ("prohibited_columns", "name*"): (0, ""),
        ("restricted_inputs", ""): (1, "income"),
        ("restricted_inputs", "*come"): (1, "income"),
        ("restricted_inputs", "sex"): (0, ""),
    }


def test_nothing_asked_and_inputs_unknown_are_not_measured() -> None:
    assert (
        columns.measure(credit_sample(5), {}).reason
        == "check data.columns needs the parameter prohibited or restricted"
    )
    unknown = columns.measure(credit_sample(5, inputs=()), {"restricted": ["sex"]})
    assert unknown.outcome is Outcome.NOT_MEASURED
    assert "does not say which inputs" in unknown.reason
    assert columns.measure(credit_sample(5, inputs=()), {"prohibited": ["sex"]}).figures[0].value == 1
