from __future__ import annotations

import pytest

from muster.guards.output.secrets import entropy, find

RANDOM = "kD93mfPq0zXv81LbW7yTnC5eRgHs2uJa"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("AKI" + "A" + "Q7XW3ZP5LMN2RT8K", "access key of a cloud"),
        ("gh" + "p_" + RANDOM + "abcd", "token of a code host"),
        ("npm" + "_" + RANDOM + "abcd", "token of a package index"),
        ("xox" + "b-123456789012-abc", "token of a messenger"),
        ("sk_" + "live_" + RANDOM, "key of a payment provider"),
        ("sk-" + "proj-" + RANDOM, "key of a model provider"),
        ("eyJ" + "hbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl", "signed token"),
        ("-----BEGIN RSA PRIVATE" + " KEY-----", "private key"),
        ("postgres://user:hunter22@db.example/x", "password in an address"),
        (f"password = '{RANDOM}'", "assigned secret"),
    ],
)
def test_secrets_are_known_by_their_form(text: str, what: str) -> None:
    assert what in [found.what for found in find(f"use {text} here")]


@pytest.mark.parametrize(
    "text",
    [
        "password = 'your-password-here'",
        'token: "<YOUR_TOKEN>"',
        "api_key = 'aaaaaaaaaaaaaaaa'",
        "https://example.org/a:b",
        "sk-learn",
    ],
)
def test_what_stands_for_a_secret_is_none(text: str) -> None:
    assert list(find(text)) == []


def test_random_letters_have_more_entropy_than_words() -> None:
    assert entropy("aaaa") == 0
    assert entropy("abcdabcd") == 2
    assert entropy(RANDOM) > 4
