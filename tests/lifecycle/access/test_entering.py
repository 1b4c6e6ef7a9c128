import re
from typing import TYPE_CHECKING

import pytest

from muster.lifecycle.access.entering import enter, new_token
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.people import token_digest
from muster.records.people import Actor, Role
from muster.wiring.control import Local

if TYPE_CHECKING:
    from tests.conftest import Founded


def test_a_token_says_by_what_it_is_found_and_keeps_the_rest_secret(founded: "Founded") -> None:
    house = founded.open()
    context = Context(house, Local(house, "max").identity(), lambda _: None)
    made = [new_token(context, "max", "a test", 1, (Role.AUDITOR, Role.AUDITOR)) for _ in range(20)]
    for text, issued in made:
        assert re.fullmatch(r"muster_[0-9a-f]{12}_[A-Za-z0-9_-]{43}", text)
        assert text.split("_")[1] == issued.id
        assert (issued.digest, issued.roles) == (token_digest(text), (Role.AUDITOR,))
    assert len({text for text, _ in made}) == 20


def test_all_records_are_written_or_none(founded: "Founded") -> None:
    house = founded.open()
    context = Context(house, Local(house, "admin").identity(), lambda _: None)
    size = house.ledger.refresh()
    with pytest.raises(PermissionError, match="no actor is called 'system'"):
        enter(context, context.basis(), Actor("eve", ()), Actor("system", ()))
    assert house.ledger.refresh() == size
