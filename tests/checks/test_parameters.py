from typing import Any

import pytest

from muster.checks.parameters import bands, names, text, whole


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
