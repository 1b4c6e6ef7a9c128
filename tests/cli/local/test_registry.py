from __future__ import annotations

import pytest

from muster.cli.local.listing import LOCAL
from muster.cli.local.registry import local
from muster.cli.session import Session


def test_a_name_is_taken_once() -> None:
    def again(session: Session) -> None:
        """Do it again."""

    before = LOCAL["init"]
    with pytest.raises(ValueError, match="two local commands are called 'init'"):
        local("init")(again)
    assert LOCAL["init"] is before


def test_help_is_the_docstring() -> None:
    assert LOCAL["init"].summary == "Found a house: keys by duty, a trust root, an empty ledger and a first admin."
    assert LOCAL["init"].description.startswith(LOCAL["init"].summary)
