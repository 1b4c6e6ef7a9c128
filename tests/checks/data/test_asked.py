import pytest

from muster.checks.data.asked import columns_of, companion_of, rows_of, time_of
from muster.checks.kit import INPUTS, credit_rows, credit_sample


def test_columns_are_those_named_else_the_inputs_else_all_but_the_target() -> None:
    sample = credit_sample(20)
    assert columns_of(sample, {"columns": ["age"]}) == ("age",)
    assert columns_of(sample, {}) == INPUTS
    assert columns_of(credit_sample(20, inputs=()), {}) == ("age", "sex", "region", "income", "late", "applied")
    with pytest.raises(ValueError, match="there is no column 'Age'; the columns are age, sex"):
        columns_of(sample, {"columns": ["Age"]})
    with pytest.raises(ValueError, match="has no column to look at"):
        columns_of(credit_sample(data=credit_rows(5).select(["defaulted"]), scores=[0.1] * 5, inputs=()), {})


def test_what_is_not_there_is_said() -> None:
    sample = credit_sample(20)
    assert companion_of(sample).name == "fitted"
    assert time_of(sample, {"time": "applied"}) == "applied"
    assert time_of(sample, {}) == ""
    assert rows_of(sample) == 20
    with pytest.raises(ValueError, match="has no rows"):
        rows_of(credit_sample(0, scores=[]))
    with pytest.raises(ValueError, match="has no other rows beside it: hand over the training rows"):
        companion_of(type(sample).of(sample.table, sample.scores, sample.rule, name="n", digest="d", role="window"))
