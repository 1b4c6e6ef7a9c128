import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.adapters.vault.sealing import key_named, new_key, seal, unseal

PERSON = "0f" * 16


@given(st.binary(max_size=200), st.integers(1, 10**9 - 1))
def test_what_was_sealed_is_read_with_its_key_only(content: bytes, generation: int) -> None:
    key = new_key()
    sealed = seal(key, PERSON, generation, content)
    assert key_named(sealed) == (PERSON, generation)
    assert unseal(key, sealed) == content
    with pytest.raises(ValueError, match="changed"):
        unseal(new_key(), sealed)


@given(st.binary(max_size=50), st.data())
def test_any_changed_byte_is_noticed(content: bytes, data: st.DataObject) -> None:
    key = new_key()
    sealed = bytearray(seal(key, PERSON, 1, content))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= 1
    with pytest.raises(ValueError, match="changed|not sealed"):
        assert key_named(bytes(sealed)) == unseal(key, bytes(sealed))


def test_the_same_words_are_never_sealed_alike() -> None:
    key = new_key()
    assert seal(key, PERSON, 1, b"x") != seal(key, PERSON, 1, b"x")


@pytest.mark.parametrize("content", [b"", b"muster sealed 2 ", b"muster sealed 1 " + b"0" * 32, b"PAR1"])
def test_other_bytes_are_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="not sealed by muster"):
        key_named(content)
