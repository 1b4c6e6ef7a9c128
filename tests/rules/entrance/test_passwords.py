from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.rules.entrance.passwords import COMMON, LONGEST, SHORTEST, faults_of


@pytest.mark.parametrize(
    "password", ["three green herons wait", "Kv8!ruq2-Zt4w", "un hiver long et froid", "北京的冬天很冷而且很长长夜"]
)
def test_what_nobody_would_try_will_do(password: str) -> None:
    assert faults_of(password, ("ana", "Ana Silva")) == ""


@pytest.mark.parametrize(
    ("password", "because"),
    [
        ("short", "12 characters or more, and this one has 5"),
        ("", "this one has 0"),
        ("a" * (LONGEST + 1), "at most 256"),
        ("aaaaaaaaaaaaa", "repeats or counts"),
        ("abababababab", "repeats or counts"),
        ("123456789012", "repeats or counts"),
        ("abcdefghijklmnop", "repeats or counts"),
        ("password1234", "first that anybody tries"),
        ("Password2026!", "first that anybody tries"),
        ("P4ssw0rd!!2026", "first that anybody tries"),
        ("passwordpassword", "first that anybody tries"),
        ("LetMeIn123456", "first that anybody tries"),
        ("anasilva2026!", "little more than the name"),
        ("Anasilva_anasilva", "little more than the name"),
    ],
)
def test_what_is_tried_first_will_not(password: str, because: str) -> None:
    assert because in faults_of(password, ("anasilva", "x"))


def test_names_of_two_letters_are_in_many_words() -> None:
    assert faults_of("al" * 8 + "bert and so on", ("al",)) == ""


@given(st.sampled_from(sorted(COMMON)), st.text("0123456789!", min_size=0, max_size=12))
def test_no_common_word_becomes_good_by_digits_around_it(word: str, around: str) -> None:
    assert faults_of(f"{word}{around}".ljust(SHORTEST, "1"))


@given(st.text(max_size=300))
def test_every_text_is_judged(password: str) -> None:
    assert isinstance(faults_of(password, (password[:20],)), str)
