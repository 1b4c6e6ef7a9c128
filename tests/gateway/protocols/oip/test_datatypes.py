from __future__ import annotations

import msgspec
import pytest

from muster.gateway.protocols.oip.datatypes import DATATYPES


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [("INT8", -128, 127), ("UINT8", 0, 255), ("INT16", -(2**15), 2**15 - 1), ("UINT32", 0, 2**32 - 1)],
)
def test_a_number_that_a_datatype_cannot_hold_is_none_of_it(name: str, least: int, most: int) -> None:
    kind = DATATYPES[name]
    flat = kind.flat
    assert flat.decode(f"[{least},{most},null]") == [least, most, None]
    assert kind.single.decode(f"[[{least}],[{most}]]") == [(least,), (most,)]
    assert kind.wide.decode(f"[[{least},{most}]]") == [[least, most]]
    for wrong in (least - 1, most + 1, 1.0, "true", '"1"'):
        with pytest.raises(msgspec.ValidationError):
            flat.decode(f"[{wrong}]")


def test_unsigned_numbers_are_not_negative_however_wide() -> None:
    flat = DATATYPES["UINT64"].flat
    assert flat.decode(f"[{2**64 - 1}]") == [2**64 - 1]
    with pytest.raises(msgspec.ValidationError):
        flat.decode("[-1]")
