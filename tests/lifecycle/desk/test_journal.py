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
