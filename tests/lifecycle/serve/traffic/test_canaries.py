from __future__ import annotations

from typing import Any

import pytest
from tests.lifecycle.serve.traffic.test_stepping import shares, start
from tests.walk import Walked

from muster.records.traffic.canary import CanaryState


def test_people_end_a_canary(paired: Walked, other: str) -> None:
    start(paired, other)
    move = paired.do("omar", "canary abort", name="credit")
    assert (move.state, move.share) == (CanaryState.ABORTED, 0.0)
    assert shares(paired) == {paired.version: 1.0}
    with pytest.raises(LookupError, match="no canary of 'credit' is under way"):
        paired.do("omar", "canary abort", name="credit")


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        ({"steps": "5,1"}, ValueError, "more than the one before"),
        ({"steps": "100"}, ValueError, "the first less than everybody"),
        ({"steps": "many"}, ValueError, "per cent of the people"),
        ({"steps": "-1,5"}, ValueError, "per cent of the people"),
        ({"each": "soon"}, ValueError, "how long each step"),
        ({"each": "0m"}, ValueError, "how long each step"),
        ({"limits": ["warmth=1"]}, ValueError, "names are approval"),
        ({"limits": ["errors=nan"]}, ValueError, "NAME=NUMBER"),
        ({"limits": ["least=0"]}, ValueError, "at least one decision"),
        ({"limits": ["groups=SSN"]}, ValueError, "no input of version"),
        ({"name": "gone"}, LookupError, "no deployment 'gone'"),
    ],
)
def test_canaries_that_cannot_be_are_refused(
    paired: Walked, other: str, asked: dict[str, Any], error: Any, said: str
) -> None:
    with pytest.raises(error, match=said):
        paired.do("omar", "canary start", **{"name": "credit", "version": other, **asked})
    assert shares(paired) == {paired.version: 1.0}
    assert paired.do("mia", "canary show") == ()
