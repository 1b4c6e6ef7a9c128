from __future__ import annotations

from pathlib import Path

import pytest
from tests.rules.scene import ORIGIN, key
from tests.servers.witness import Witness, answering

from muster.adapters.signatures import verify
from muster.adapters.telling.witness import HttpWitness
from muster.records.trust import Duty
from muster.rules.merkle import Tree, leaf_hash
from muster.rules.note import Checkpoint, sign_checkpoint
from muster.rules.witness.cosignature import cosigned_by, joined

PEN = key(Duty.LEDGER.value)
pytestmark = pytest.mark.enable_socket


def tree(*entries: str) -> Tree:
    made = Tree()
    made.extend(leaf_hash(entry.encode()) for entry in entries)
    return made


def note(of: Tree) -> str:
    return sign_checkpoint(Checkpoint(ORIGIN, of.size, of.root()), PEN.key, PEN.sign)


def cosigned(client: HttpWitness, of: Tree, witness: Witness) -> bool:
    whole = joined(note(of), client.cosign(note(of), lambda old: of.consistency(old, of.size)), [witness.grant], verify)
    return bool(cosigned_by(whole, [witness.grant], verify))


def test_a_witness_follows_a_ledger_that_grows(tmp_path: Path) -> None:
    witness = Witness(tmp_path, {ORIGIN: PEN.key})
    with answering(witness) as url:
        client = HttpWitness(url)
        assert all(cosigned(client, tree(*entries), witness) for entries in ("a", "ab", "abcdefg", "abcdefg"))
        another = HttpWitness(url)  # a new process of ours knows nothing of what the witness has seen
        assert cosigned(another, tree(*"abcdefghi"), witness)
        assert cosigned(client, tree(*"abcdefghijk"), witness)  # which has gone on meanwhile


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ("abx", "another history of 3 entries: the ledger was forked or rewritten"),
        ("abxdef", "does not continue the 3 that it has seen: rewritten"),
        ("ab", "it has seen 3 entries, and is shown 2"),
    ],
)
def test_a_witness_sees_what_was_rewritten_forked_or_cut_off(tmp_path: Path, shown: str, said: str) -> None:
    witness = Witness(tmp_path, {ORIGIN: PEN.key})
    with answering(witness) as url:
        cosigned(HttpWitness(url), tree(*"abc"), witness)
        with pytest.raises(PermissionError, match=said):
            cosigned(HttpWitness(url), tree(*shown), witness)


def test_a_witness_that_does_not_know_us_says_so(tmp_path: Path) -> None:
    for logs, said in (
        ({}, "does not know this ledger"),
        ({ORIGIN: key("ledger-2").key}, "does not know the ledger's key"),
    ):
        with answering(Witness(tmp_path, logs)) as url, pytest.raises(OSError, match=said):
            HttpWitness(url).cosign(note(tree("a")), lambda _: ())


def test_nobody_at_the_address_is_an_error_of_the_system(tmp_path: Path) -> None:
    with answering(Witness(tmp_path, {})) as url:
        pass
    with pytest.raises(OSError, match="cannot be told"):
        HttpWitness(url).cosign(note(tree("a")), lambda _: ())
