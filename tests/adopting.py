"""What tests of adopting and of governing ask for."""

from dataclasses import replace
from typing import Any

import pytest
from tests.walk import Walked, policy

from muster.records.codec import encode


def adopt(walked: Walked, **changed: Any) -> Any:
    return walked.do("ana", "policy adopt", policy=encode(replace(policy(), **changed)))


def unchanged(walked: Walked, error: type[Exception], said: str, actor: str, action: str, **arguments: Any) -> None:
    """Ask for something that must be refused, and make sure that nothing but the refusal was written."""
    before = walked.house.ledger.refresh()
    with pytest.raises(error, match=said):
        walked.do(actor, action, **arguments)
    written = list(walked.house.ledger.read(start=before))
    kinds = [entry.entry.kind for entry in written if entry.entry.kind != "alert.raised"]
    assert kinds == ["action.refused"] * (error is PermissionError)
