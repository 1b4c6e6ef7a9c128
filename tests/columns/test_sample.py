import numpy as np
import pyarrow as pa
import pytest

from muster.columns.sample import SCORE, Sample
from muster.records.data import Column, ColumnType
from muster.records.model import DecisionRule, Favourable

BELOW = DecisionRule(0.5, Favourable.BELOW)
TABLE = pa.table({"x": [1.0, 2.0, 3.0, 4.0], "y": [0, 1, 0, 1]})
SCORES = np.asarray([0.1, 0.5, 0.4, 0.9])


def make(table: pa.Table = TABLE, scores: object = SCORES, rule: DecisionRule = BELOW, **more: object) -> Sample:
    return Sample.of(table, scores, rule, name="test", digest="sha256:00", role="held-out", **more)


def test_decisions_follow_the_rule_on_either_side_of_the_threshold() -> None:
    assert make().favourable.tolist() == [True, False, True, False]
    assert make(rule=DecisionRule(0.5, Favourable.AT_LEAST)).favourable.tolist() == [False, True, False, True]


def test_logged_decisions_are_taken_as_they_were_made() -> None:
    assert make(favourable=[True, True, True, False]).favourable.tolist() == [True, True, True, False]
    with pytest.raises(ValueError, match="decisions: 1 of 4 rows have none"):
        make(favourable=pa.array([True, None, True, False]))


def test_who_deserves_the_favourable_decision_depends_on_its_side() -> None:
    assert make(target="y").labels.tolist() == [False, True, False, True]
    assert make(target="y").qualified.tolist() == [True, False, True, False]
    assert make(target="y", rule=DecisionRule(0.5, Favourable.AT_LEAST)).qualified.tolist() == [
        False,
        True,
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("column", "positive"),
    [
        ([0, 1], 1),
        ([0.0, 1.0], 1),
        ([False, True], 1),
        (["no", "yes"], "yes"),
        (["0", "1"], 1),
        ([False, True], "True"),
    ],
)
def test_positive_value_is_found_in_columns_of_any_type(column: list[object], positive: int | str) -> None:
    table = pa.table({"y": column})
    assert make(table, np.zeros(2), target="y", positive=positive).labels.tolist() == [False, True]


@pytest.mark.parametrize(
    ("bad", "complaint"),
    [(np.nan, "score is nan in row 2"), (1.2, r"score is 1.2 in row 2 \(rows count from 0; 1 such\)"), (-0.1, "row 2")],
)
def test_bad_score_is_named_with_its_row_when_scores_are_asked_for(bad: float, complaint: str) -> None:
    scores = SCORES.copy()
    scores[2] = bad
    sample = make(scores=scores, target="y")
    assert sample.labels.any(), "labels are sound, whatever the scores are"
    with pytest.raises(ValueError, match=complaint):
        _ = sample.scores
    with pytest.raises(ValueError, match=complaint):
        _ = sample.favourable


def test_null_score_of_an_arrow_column_is_no_score() -> None:
    with pytest.raises(ValueError, match="score is nan in row 1"):
        _ = make(scores=pa.array([0.1, None, 0.2, 0.3])).scores


@pytest.mark.parametrize(
    ("labels", "complaint"),
    [
        ([0, None, 1, 1], "label column 'y' is empty in row 1"),
        ([0, 0, 0, 0], "label column 'y' is constant: no row has the positive value 1"),
        ([1, 1, 1, 1], "is constant: every row has"),
    ],
)
def test_bad_labels_are_named(labels: list[int | None], complaint: str) -> None:
    table = pa.table({"y": labels})
    with pytest.raises(ValueError, match=complaint):
        _ = make(table, target="y").labels


def test_no_target_no_labels() -> None:
    with pytest.raises(ValueError, match="has no labels: name the target column"):
        _ = make().labels


def test_parts_that_do_not_belong_together_are_refused_at_once() -> None:
    with pytest.raises(ValueError, match=r"scores have shape \(3,\), the table has 4 rows"):
        make(scores=[0.1, 0.2, 0.3])
    with pytest.raises(ValueError, match="no column 'z'"):
        make(inputs=["x", "z"])
    with pytest.raises(ValueError, match="no column 'outcome'"):
        make(target="outcome")


def test_no_rows_are_no_sample() -> None:
    sample = make(TABLE.slice(0, 0), np.zeros(0))
    for read in (lambda: sample.scores, lambda: sample.favourable, lambda: sample.groups("y")):
        with pytest.raises(ValueError, match="'test' has no rows"):
            read()


def test_scores_may_be_a_column_of_the_data_and_are_not_copied() -> None:
    table = TABLE.append_column("p", pa.array(SCORES))
    assert np.shares_memory(make(table, "p").scores, SCORES)


def test_frozen_profile_holds_inputs_and_score() -> None:
    sample = make(inputs=["x"])
    profile = sample.freeze([Column("x", ColumnType.NUMBER)])
    assert list(profile.columns) == ["x", SCORE]
    assert profile.rows == sample.rows == 4


def test_an_input_called_score_is_refused() -> None:
    table = TABLE.append_column("score", pa.array(SCORES))
    with pytest.raises(ValueError, match="an input is called 'score'"):
        make(table, inputs=["score"]).with_score()


def test_groups() -> None:
    assert make().groups("x", [2.5]).counts().tolist() == [2, 2, 0]


def test_weights_and_time_are_parts_of_a_sample() -> None:
    sample = make(weights=[1.0, 2.0, 0.0, 1.0], time="x")
    assert sample.weights.tolist() == [1.0, 2.0, 0.0, 1.0]
    assert sample.time == "x"
    assert make().weights is None
    with pytest.raises(ValueError, match="no column 'when'"):
        make(time="when")


@pytest.mark.parametrize(
    ("weights", "complaint"),
    [([1.0, -1.0, 1.0, 1.0], "weight is -1 in row 1"), ([1.0, 1.0, np.nan, 1.0], "weight is nan in row 2"),
     ([0.0] * 4, "all weights of sample 'test' are 0")],
)  # fmt: skip
def test_bad_weights_are_named(weights: list[float], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        _ = make(weights=weights).weights


def test_predicted_positive_is_at_or_over_the_threshold_whichever_side_is_favourable() -> None:
    assert make().predicted.tolist() == make(rule=DecisionRule(0.5, Favourable.AT_LEAST)).predicted.tolist()
    assert make().predicted.tolist() == [False, True, False, True]


def test_scores_of_another_model_stand_beside_its_own() -> None:
    sample = Sample.of(
        pa.table({"a": [1, 2]}), [0.1, 0.9], DecisionRule(0.5, Favourable.BELOW), name="x", digest="d", role="held-out"
    )
    beside = sample.against("champion", np.array([0.2, 0.8]))
    assert beside.table["champion"].to_pylist() == [0.2, 0.8]
    assert sample.table.column_names == ["a"]
