from typing import Any

import pytest

from muster.checks.parameters import amount, bands, choice, names, number, numbers, optional_names, text, whole


def test_defaults_and_values() -> None:
    assert text({}, "a", "x") == "x"
    assert whole({"a": 3}, "a", 1) == 3
    assert names({"a": ["x", "y", "x"]}, "a") == ("x", "y")
    assert bands({"bands": [25, 35]}, "AGE") == bands({"bands": {"AGE": [25, 35]}}, "AGE") == (25.0, 35.0)
    assert bands({"bands": {"SEX": [1]}}, "AGE") is bands({}, "AGE") is None


@pytest.mark.parametrize("value", [0, -1, 2.0, True, "3", None])
def test_whole_numbers_only(value: Any) -> None:
    with pytest.raises(ValueError, match="parameter a must be a whole number of at least 1"):
        whole({"a": value}, "a", 1)


@pytest.mark.parametrize("value", [None, [], "AGE", [1], [""], {"a": 1}])
def test_names_are_a_list(value: Any) -> None:
    with pytest.raises(ValueError, match="parameter a must be a list of names"):
        names({"a": value}, "a")


@pytest.mark.parametrize("value", ["25", 25, [True], ["25"], {"AGE": 25}])
def test_bands_are_a_list_of_numbers(value: Any) -> None:
    with pytest.raises(ValueError, match="parameter bands must be a list of numbers"):
        bands({"bands": value}, "AGE")


def test_text_is_text() -> None:
    with pytest.raises(ValueError, match="parameter a must be text, got 3"):
        text({"a": 3}, "a")


def test_numbers_have_a_range() -> None:
    assert number({"share": 1}, "share", 0.5, least=0, most=1) == 1.0
    assert number({}, "share", 0.5, least=0, most=1) == 0.5
    for wrong in (1.5, -1, True, "1", float("nan"), None):
        with pytest.raises(ValueError, match="parameter share must be a number from 0 to 1, got"):
            number({"share": wrong}, "share", 0.5, least=0, most=1)


def test_lists_of_names_may_be_left_out() -> None:
    assert optional_names({}, "columns", ["a"]) == ("a",)
    assert optional_names({"columns": ["b", "b"]}, "columns", ["a"]) == ("b",)
    with pytest.raises(ValueError, match="must be a list of names"):
        optional_names({"columns": []}, "columns", ["a"])


def test_amounts_are_finite_numbers() -> None:
    assert amount({"a": -3}, "a") == -3.0
    assert amount({}, "a", 2.5) == 2.5
    for wrong in (None, True, "1", float("inf")):
        with pytest.raises(ValueError, match="parameter a must be a number, got"):
            amount({"a": wrong}, "a")


def test_lists_of_numbers_are_sorted_and_have_a_range() -> None:
    assert numbers({"a": [0.5, 0, 0.5]}, "a", (), least=0, most=1) == (0.0, 0.5)
    assert numbers({}, "a", (0.2, 0.1), least=0, most=1) == (0.1, 0.2)
    for wrong in ([], 0.5, [2], ["x"], None, [float("nan")]):
        with pytest.raises(ValueError, match="parameter a must be a list of numbers from 0 to 1"):
            numbers({"a": wrong}, "a", (0.5,), least=0, most=1)


def test_choices_are_known_words() -> None:
    assert choice({}, "a", ("x", "y")) == "x"
    with pytest.raises(ValueError, match="parameter a must be one of x, y, got 'z'"):
        choice({"a": "z"}, "a", ("x", "y"))
