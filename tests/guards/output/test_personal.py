from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.guards.output.personal import account, find, luhn


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("jane.doe+x@corp.co.uk", "e-mail address"),
        ("DE89 3704 0044 0532 0130 00", "bank account"),
        ("GB82WEST12345698765432", "bank account"),
        ("4111 1111 1111 1111", "payment card"),
        ("378282246310005", "payment card"),
        ("536-22-1234", "social security number"),
    ],
)
def test_what_has_a_form_is_found(text: str, what: str) -> None:
    assert [found.what for found in find(f"it is {text}, yes")] == [what]


@pytest.mark.parametrize(
    "text",
    [
        "a@example.com",
        "4111 1111 1111 1112",
        "DE89 3704 0044 0532 0130 01",
        "000-12-3456",
        "1.4111111111111111",
        "@user x@y",
    ],
)
def test_what_has_only_the_form_is_not(text: str) -> None:
    assert list(find(text)) == []


@given(st.integers(10**11, 10**15))
def test_one_check_digit_in_ten_is_right(number: int) -> None:
    assert sum(luhn(f"{number}{digit}") for digit in range(10)) == 1


@given(st.integers(0, 97))
def test_a_changed_digit_breaks_an_account(step: int) -> None:
    good = "DE89370400440532013000"
    assert account(good)
    place = 4 + step % 18
    changed = str((int(good[place]) + 1) % 10)
    assert not account(good[:place] + changed + good[place + 1 :])
