"""People who are let in, and try to harm the others: by asking too often, or by the names that they give things."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from tests.walk import policy

from muster.lifecycle.desk.people import identify
from muster.records.codec import encode

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
    assert identify(ledger, token, walked.clock()).id == "nora"
    monkeypatch.setattr(ledger, "read", lambda **asked: read.append(asked) or ())
    for guess in ("muster_guess", token[:-1], ""):
        with pytest.raises(PermissionError, match="not known here"):
            identify(ledger, guess, walked.clock())
    assert not read
    monkeypatch.undo()
    renewed = walked.do("nora", "token issue", label="renewed").token
    assert identify(ledger, renewed, walked.clock()).roles == {"auditor"}
    walked.do("admin", "token revoke", id=token.split("_")[1], reason="stolen")
    with pytest.raises(PermissionError, match="of nora was revoked"):
        identify(ledger, token, walked.clock())


def test_a_document_that_nobody_published_does_not_stop_the_control_plane(walked: Walked) -> None:
    chain = walked.do("omar", "trust show").documents
    walked.house.outbox.publish(f"trust-root/{len(chain) + 1}.json", b"rubbish")
    assert walked.do("omar", "trust show").documents == chain
    assert walked.do("omar", "orders issue").number
    walked.add("nora", "risk-analyst")
    walked.enrol("nora")
    assert len(walked.do("omar", "trust show").documents) == len(chain) + 1


@pytest.mark.parametrize("odd", [{"maximum_evidence_age_days": 1e300}, {"sign_offs": [{"role": "owner", "count": -1}]}])
def test_a_policy_that_would_stop_the_gate_is_not_adopted(walked: Walked, odd: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"must be more than 0|sign-offs"):
        walked.do("ana", "policy adopt", policy={**encode(policy()), **odd})
    assert walked.do("omar", "gate ask", version=walked.version).verdict
