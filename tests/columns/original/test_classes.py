import numpy as np
import pytest

from muster.columns.original.classes import BOTH, of_positive, place_of


@pytest.mark.parametrize(
    ("classes", "positive", "place"),
    [
        (BOTH, 1, 1),
        (BOTH, 0, 0),
        (BOTH, "yes", 1),
        (np.array([0, 1]), 2, 1),
        (np.array(["bad", "good"]), "bad", 0),
        ([False, True], 1, 1),
        (["0", "1"], 1, 1),
        ([1.0, 2.0], 2, 1),
        ([1, 2], 1, 0),
    ],
)
def test_the_positive_class_is_found(classes: object, positive: object, place: int) -> None:
    assert place_of(classes, positive) == place  # type: ignore[arg-type]


def test_a_class_that_is_not_there_or_not_one_of_two_is_refused() -> None:
    with pytest.raises(ValueError, match="classes are 'a', 'b'; the positive value 'c' is none of them"):
        place_of(["a", "b"], "c")
    with pytest.raises(ValueError, match=r"3 classes apart \(1, 2, 3\): a score needs two"):
        place_of([1, 2, 3], 1)


def test_the_probability_of_the_first_class_is_what_the_second_leaves() -> None:
    second = np.array([0.25, 1.0])
    assert of_positive(second, BOTH, 1).tolist() == [0.25, 1.0]
    assert of_positive(second, BOTH, 0).tolist() == [0.75, 0.0]
