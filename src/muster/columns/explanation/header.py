"""Header: what every packed explanation says first: of which model, map and sample it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from muster.records.canonical import parse

FORMAT, HEADED, SAMPLED = 1, 2, 3
"""Versions of the file: the second has several members, whose head is that of the plan; the third is of any model."""


@dataclass(frozen=True, slots=True)
class Header:
    """What an explanation is of: digests of the served artifact, the reason map, and the sample of the background."""

    served: str
    reasons: str
    sample: str
    people: int
    """How many approved people the background is made of."""


def header_of(packed: bytes) -> Header:
    """Return what an explanation is of; raise ValueError where it is none."""
    return opened(packed)[0]


def opened(packed: bytes) -> tuple[Header, dict[str, Any]]:
    """Return the header and all that an explanation says; raise ValueError where it is none."""
    said: Any = parse(packed)
    if not isinstance(said, dict) or said.get("format") not in (FORMAT, HEADED, SAMPLED):
        msg = f"not an explanation of format {FORMAT} to {SAMPLED}: issue the orders again with this release of muster"
        raise ValueError(msg)
    try:
        return Header(**{name: said[name] for name in Header.__slots__}), said
    except KeyError as error:
        msg = f"the explanation does not say its {error.args[0]}: issue the orders again"
        raise ValueError(msg) from None
