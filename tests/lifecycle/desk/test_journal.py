import base64
from typing import TYPE_CHECKING, Any

import pytest
from tests.conftest import ACTORS

from muster.adapters.signatures import verify
from muster.records.canonical import digest
from muster.records.entry import Entry
from muster.records.trust import Duty
from muster.rules.merkle import leaf_hash, verify_inclusion
from muster.rules.note import open_checkpoint
from muster.settings import read_settings
from muster.wiring.control import Local, signer_of

if TYPE_CHECKING:
    from tests.conftest import Founded


def ask(founded: "Founded", name: str, **asked: Any) -> Any:
    house = founded.opened[0] if founded.opened else founded.open()
    return Local(house, "max").call(name, asked, lambda _: None)


def test_entries_are_shown_newest_last(standing: "Founded") -> None:
    every = ask(standing, "ledger show", last=100)
    assert [line.seq for line in every] == list(range(len(every)))
    assert every[0].kind == "trust-root.published"
    added = ask(standing, "ledger show", kind="actor.added", last=100)
    assert [line.subject for line in added[1:]] == [f"actor:{name}" for name in ACTORS]
    assert ask(standing, "ledger show", last=2) == every[-2:]
    assert added == tuple(line for line in every if line.kind == "actor.added")
    assert ask(standing, "ledger show", subject="actor:ana") == every[9:13]
    assert ask(standing, "ledger show", subject="actor:nobody") == ()


@pytest.mark.parametrize("last", [0, -5])
def test_none_or_fewer_cannot_be_shown(standing: "Founded", last: int) -> None:
    with pytest.raises(ValueError, match=f"last is {last}: ask for 1 entry or more"):
        ask(standing, "ledger show", last=last)


def test_a_proof_convinces_whoever_has_the_ledger_s_key(standing: "Founded") -> None:
    proof = ask(standing, "ledger prove", seq=7)
    key = signer_of(standing.settings, Duty.LEDGER).key
    point = open_checkpoint(proof.checkpoint, "test.example/house", [key], verify)
    raw, path = base64.b64decode(proof.entry), [bytes.fromhex(step) for step in proof.path]
    assert verify_inclusion(leaf_hash(raw), proof.seq, point.size, path, point.root)
    assert not verify_inclusion(leaf_hash(raw + b" "), proof.seq, point.size, path, point.root)
    assert Entry.from_bytes(raw).subject == "actor:olga"
    assert digest(raw) == ask(standing, "ledger show", subject="actor:olga")[0].digest


@pytest.mark.parametrize("seq", [-1, 15, 99])
def test_an_entry_that_is_not_there_is_not_proven(standing: "Founded", seq: int) -> None:
    with pytest.raises(LookupError, match=f"no entry {seq}: the ledger holds 15, numbered from 0"):
        ask(standing, "ledger prove", seq=seq)


def test_verifying_reads_everything_again(standing: "Founded") -> None:
    found = ask(standing, "ledger verify")
    assert found.entries == 15
    assert found.checkpoint.startswith("test.example/house\n15\n")


def test_that_the_ledger_only_grew_can_be_proven(founded: "Founded") -> None:
    from muster.rules.merkle import verify_consistency

    key = signer_of(read_settings({"home": founded.home}, {}), Duty.LEDGER).key
    house = founded.opened[0] if founded.opened else founded.open()
    kept = house.ledger.checkpoint()
    before = open_checkpoint(kept, "test.example/house", [key], verify)
    with pytest.raises(PermissionError):
        ask(founded, "actor add", id="nobody")  # which is written down, so that the ledger grows
    proof = ask(founded, "ledger consistency", old=before.size)
    now = open_checkpoint(proof.checkpoint, "test.example/house", [key], verify)
    path = tuple(bytes.fromhex(step) for step in proof.path)
    assert (before.size + 1, now.size) == (proof.size, proof.size)
    assert verify_consistency(before.size, before.root, proof.size, now.root, path)
    with pytest.raises(LookupError, match="its end was cut off"):
        ask(founded, "ledger consistency", old=10_000)


def test_alerts_are_listed_by_name(founded: "Founded") -> None:
    from datetime import UTC, datetime

    from muster.records.access.alert import Alert, Severity

    house = founded.open()
    for what in ("root-wrong", "ledger-forked"):
        house.notify.notify(
            Alert(what, Severity.CRITICAL, "control-plane", "words", datetime(2026, 11, 23, tzinfo=UTC))
        )
    assert [line.what for line in ask(founded, "alert list")] == ["root-wrong", "ledger-forked"]
    (line,) = ask(founded, "alert list", what="ledger-forked")
    assert (line.severity, line.words) == (Severity.CRITICAL, "words")
    with pytest.raises(ValueError, match="1 alert or more"):
        ask(founded, "alert list", last=0)
