import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.rules.personal import LONGEST, Words, salted


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=50))
def test_words_come_back_and_their_digest_needs_the_salt(text: str) -> None:
    words = salted(text)
    assert Words.from_bytes(words.to_bytes()) == words
    assert Words.from_bytes(words.to_bytes()).commitment == words.commitment
    assert salted(text).commitment != words.commitment
    assert len(words.salt) == 32


def test_a_novel_is_no_comment() -> None:
    assert salted("x" * LONGEST).words
    with pytest.raises(ValueError, match="10000 is the most"):
        salted("x" * (LONGEST + 1))


@pytest.mark.parametrize("content", [b"", b"{}", b'{"salt":1,"words":""}', b"\xff"])
def test_other_bytes_are_no_words(content: bytes) -> None:
    with pytest.raises(ValueError):
        Words.from_bytes(content)
