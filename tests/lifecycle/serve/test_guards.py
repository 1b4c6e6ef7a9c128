from __future__ import annotations

from tests.walk import Walked

from muster.guards.chain import KINDS
from muster.lifecycle.serve.guards import DOES


def test_guards_are_listed_in_the_order_in_which_they_judge(walked: Walked) -> None:
    walked.do("omar", "orders issue")
    lines = walked.do("ana", "guard list", deployment="credit")
    assert [line.guard for line in lines] == ["prohibited", "schema", "envelope", "plausible", "consistent"]
    assert [line.place for line in lines] == [1, 2, 3, 4, 5]
    assert "SEX" in lines[0].parameters["columns"]
    assert walked.do("ana", "guard list", deployment="nobody") == walked.do("ana", "guard list", group="other") == ()


def test_of_every_guard_it_is_said_what_it_does() -> None:
    assert KINDS.keys() < DOES.keys()
