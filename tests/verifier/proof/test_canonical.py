from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.records.canonical import canonical
from muster.verifier.proof.canonical import b64, parse, read
from muster.verifier.proof.canonical import canonical as canonical_again


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53))
def test_numbers_are_written_as_the_ledger_writes_them(value: float) -> None:
    assert canonical_again(value) == canonical(value)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
)


@given(json_values)
def test_json_is_written_as_the_ledger_writes_it(value: object) -> None:
    assert canonical_again(value) == canonical(value)
    assert parse(canonical(value)) == value


@pytest.mark.parametrize(
    "raw", [b'{"a":1, "b":2}', b'{"b":1,"a":2}', b'{"a":1,"a":1}', b"1.0", b"NaN", b"1e1", b'"\\u0041"']
)
def test_json_in_another_form_is_refused(raw: bytes) -> None:
    with pytest.raises(ValueError, match="JSON"):
        parse(raw)


def test_base64_has_one_form() -> None:
    assert b64(base64.b64encode(b"a").decode()) == b"a"
    with pytest.raises(ValueError, match="canonical"):
        b64("YR==")


@pytest.mark.parametrize("raw", [b'{"a":1,"a":2}', b'[{"b":{"a":1,"a":1}}]'])
def test_what_was_signed_repeats_no_key_in_whatever_form_it_is(raw: bytes) -> None:
    with pytest.raises(ValueError, match="repeats a key"):
        read(raw)
