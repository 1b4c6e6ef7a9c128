"""Files of clients: who may ask, by keys of which only the SHA-256 is here."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.rules.language.clients import client_of, read_clients

KEY, OTHER = "the-key-of-the-editor", "the-key-of-another"


def line(label: str, key: str, use_case: str = "coding") -> str:
    return f"{label} {use_case} sha256:{hashlib.sha256(key.encode()).hexdigest()}"


KNOWN = read_clients(f"# who\n\n{line('editor', KEY)}  # ours\n{line('sales', OTHER, 'selling')}\n", "clients.txt")


def test_a_key_opens_as_whose_it_is() -> None:
    found = client_of(KNOWN, f"bearer  {OTHER} ".encode())
    assert found is not None
    assert (found.label, found.use_case) == ("sales", "selling")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "names nobody"),
        ("# nobody\n", "names nobody"),
        ("editor coding\n", "line 1: write LABEL"),
        (f"{line('a', KEY)}\n{line('a', OTHER)}\n", "line 2: a stands twice"),
        (f"{line('a', KEY).upper()}\n", "line 1: write LABEL"),
    ],
)
def test_a_file_that_is_none_says_on_which_line(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_clients(text, "clients.txt")


@given(st.binary(max_size=60))
def test_no_other_header_opens(header: bytes) -> None:
    found = client_of(KNOWN, header)
    assert found is None or header.split(None, 1)[1].strip() in (KEY.encode(), OTHER.encode())
