from __future__ import annotations

import pytest

from muster.columns.explanation.header import Header, header_of, opened
from muster.records.canonical import canonical

SAID = {"format": 3, "served": "a", "reasons": "b", "sample": "c", "people": 4}


def test_every_explanation_says_first_what_it_is_of() -> None:
    assert header_of(canonical(SAID)) == Header("a", "b", "c", 4)
    assert opened(canonical({**SAID, "more": 1}))[1]["more"] == 1


@pytest.mark.parametrize(
    ("said", "what"),
    [({**SAID, "format": 4}, "format 1 to 3"), ({"format": 3}, "does not say its"), ([], "not an explanation")],
)
def test_what_is_none_is_refused(said: object, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        header_of(canonical(said))
