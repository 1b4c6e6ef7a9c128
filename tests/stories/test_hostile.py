"""People who are let in, and try to harm the others: by asking too often, or by the names that they give things."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from muster.lifecycle.desk.people import identify

if TYPE_CHECKING:
    from tests.walk import Walked


def test_whoever_may_nothing_cannot_keep_others_from_issuing_orders(walked: Walked) -> None:
    stop, refused = threading.Event(), threading.Event()

    def try_again_and_again() -> None:
        while not stop.is_set():
            with pytest.raises(PermissionError):
                walked.do("mia", "actor add", id="mallory", roles=["admin"])
            refused.set()

    intruder = threading.Thread(target=try_again_and_again)
    intruder.start()
    try:
        refused.wait()
        before = walked.do("omar", "orders show").number
        issued = [walked.do("omar", "orders issue").number for _ in range(3)]
    finally:
        stop.set()
        intruder.join()
    assert issued == [before + 1, before + 2, before + 3]
    assert any("mia holds ml-engineer" in words for words in walked.refusals())


def test_a_stranger_s_guess_reads_nothing_from_the_ledger(walked: Walked, monkeypatch: pytest.MonkeyPatch) -> None:
    token = walked.do("admin", "actor add", id="nora", roles=["auditor"]).token
    ledger, read = walked.house.ledger, []
    assert identify(ledger, token).id == "nora"
    monkeypatch.setattr(ledger, "read", lambda **asked: read.append(asked) or ())
    for guess in ("muster_guess", token[:-1], ""):
        with pytest.raises(PermissionError, match="not known here"):
            identify(ledger, guess)
    assert not read
    monkeypatch.undo()
    renewed = walked.do("admin", "actor add", id="nora", roles=["owner"]).token
    assert identify(ledger, renewed).roles == {"owner"}
    with pytest.raises(PermissionError, match="not known here"):
        identify(ledger, token)
