import numpy as np
import pyarrow as pa
import pytest

from muster.checks.fairness.counterfactual.changed import changed, choose, rescorer_of, towards_favour
from muster.checks.kit import credit_model, credit_sample
from muster.records.model import DecisionRule, Favourable

ROWS = np.arange(50)


def test_a_rescorer_must_be_of_the_same_model() -> None:
    sample = credit_sample(50)
    assert rescorer_of(sample, ROWS) is credit_model
    other = sample.beside(rescorer=lambda table: np.where(np.arange(table.num_rows) == 7, 0.9, credit_model(table)))
    with pytest.raises(ValueError, match="gives row 7 .* it is not the model that the sample was scored with"):
        rescorer_of(other, ROWS)
    near = sample.beside(rescorer=lambda table: credit_model(table).astype(np.float32).astype(np.float64))
    assert rescorer_of(near, ROWS) is near.rescorer
    alone = credit_sample(50)
    object.__setattr__(alone, "rescorer", None)
    with pytest.raises(ValueError, match="comes without its model"):
        rescorer_of(alone, ROWS)


def test_only_the_named_column_changes_and_types_stay() -> None:
    table = pa.table({"a": pa.array([1, 2], pa.int32()), "b": ["x", "y"]})
    other = changed(table, {"a": pa.array([7, 8])})
    assert other.schema == table.schema
    assert other.to_pydict() == {"a": [7, 8], "b": ["x", "y"]}
    assert table["a"].to_pylist() == [1, 2]


def test_rows_are_chosen_by_a_fixed_seed() -> None:
    assert choose(ROWS, 50) is ROWS
    few = choose(ROWS, 10)
    assert (np.diff(few) > 0).all()
    assert (few == choose(ROWS, 10)).all()


def test_directions_follow_the_rule() -> None:
    scores = np.asarray([0.2, 0.3, 0.4])
    below, above = DecisionRule(0.3, Favourable.BELOW), DecisionRule(0.3, Favourable.AT_LEAST)
    assert (np.argmax(towards_favour(below, scores)), np.argmax(towards_favour(above, scores))) == (0, 2)
