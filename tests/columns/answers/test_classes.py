import numpy as np
import pyarrow as pa
import pytest

from muster.columns.answers.classes import RawClasses
from muster.columns.sample import Sample

TABLE = pa.table({"grade": ["a", "b", "c", "a"], "p_a": [0.7, 0.2, 0.1, 0.3], "p_b": [0.2, 0.6, 0.1, 0.3]})
SCORES = np.asarray([[0.7, 0.2, 0.1], [0.2, 0.6, 0.2], [0.1, 0.1, 0.8], [0.3, 0.3, 0.4]])
NAMES = ("a", "b", "c")


def make(scores: object = SCORES, table: pa.Table = TABLE) -> Sample:
    return Sample.of_classes(table, scores, NAMES, target="grade", name="t", digest="sha256:00", role="held-out")


def test_labels_become_places_and_the_likeliest_class_is_predicted() -> None:
    classes = make().classes
    assert classes.codes.tolist() == [0, 1, 2, 0]
    assert classes.predicted.tolist() == [0, 1, 2, 2]


def test_scores_may_be_columns() -> None:
    table = TABLE.append_column("p_c", pa.array([0.1, 0.2, 0.8, 0.4]))
    assert np.array_equal(make(["p_a", "p_b", "p_c"], table).classes.scores, SCORES)


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ([0.5, 0.6, 0.0], "row 2 has scores that do not add up to 1"),
        ([1.2, -0.2, 0.0], r"row 2 has a score that is not within 0 and 1 \(rows count from 0; 1 such\)"),
        ([np.nan, 0.5, 0.5], "row 2 has a score that is not within"),
    ],
)
def test_bad_scores_are_named_with_their_row(row: list[float], complaint: str) -> None:
    scores = SCORES.copy()
    scores[2] = row
    with pytest.raises(ValueError, match=complaint):
        _ = make(scores).classes


@pytest.mark.parametrize(
    ("labels", "complaint"),
    [
        (["a", None, "c", "a"], "row 1 has no label in column 'grade'"),
        (["a", "b", "z", "a"], "row 2 has a label in column 'grade' that is none of a, b, c"),
        (["a", "a", "a", "a"], "'grade' is constant"),
    ],
)
def test_bad_labels_are_named(labels: list[str | None], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        _ = make(table=TABLE.set_column(0, "grade", pa.array(labels))).classes


def test_parts_that_do_not_belong_together_are_refused_at_once() -> None:
    with pytest.raises(ValueError, match=r"scores have shape \(4, 2\), \(4, 3\) is needed"):
        make(SCORES[:, :2])
    with pytest.raises(ValueError, match="two or more different classes"):
        RawClasses.of(TABLE, ["a", "a"], SCORES)


def test_checks_of_other_samples_are_told_so() -> None:
    with pytest.raises(ValueError, match="no probability of one class"):
        _ = make().scores
    with pytest.raises(ValueError, match="no predicted amounts"):
        _ = make().amounts
    with pytest.raises(ValueError, match="'t' has no rows"):
        _ = make(SCORES[:0], TABLE.slice(0, 0)).classes
