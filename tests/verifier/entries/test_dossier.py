"""The entries of a dossier are proven one by one, and each has the trust root of its time."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tests.rules.scene import ANALYST, LIBRARY, NOW, POLICY, QUESTION, ROOT, auc, entry
from tests.verifier.forged import TOLD, Forged, note_of, published

from muster.lifecycle.dossier.archive import pack
from muster.records.canonical import canonical, digest
from muster.records.codec import encode
from muster.rules.trust import fingerprint
from muster.verifier.entries.dossier import Dossier
from muster.verifier.proof.archive import unpack

SECOND, THIRD = replace(ROOT, version=2), replace(ROOT, version=3)


def opened(forged: Forged) -> Dossier:
    return Dossier(unpack(pack([QUESTION], forged.contents())), fingerprint(forged.roots[0]))


def test_every_entry_and_no_other_has_its_path() -> None:
    forged = Forged()
    paths = json.loads(forged.contents()["proofs.json"])
    for odd in ({**paths, "00000099": paths["00000000"]}, {k: v for k, v in paths.items() if k != "00000003"}):
        forged.members = {"proofs.json": canonical(odd)}
        assert "proofs.json proves other entries than there are" in forged.problem()


def test_an_entry_that_was_made_up_or_changed_is_named() -> None:
    forged = Forged()
    for place in (0, 3, 10):
        forged.members = {f"entries/{place:08d}.json": entry(auc(0.99)).to_bytes()}
        said = forged.problem()
        assert f"entry {place} is not in the ledger that the checkpoint is of: it was changed or made up" in said
    forged.members = {"checkpoint.txt": note_of(TOLD).encode()}
    assert "is not in the ledger that the checkpoint is of" in forged.problem()
    forged.members = {"checkpoint.txt": note_of(forged.ledger, "ledger-other").encode()}
    assert "the checkpoint is not signed by a key of the ledger" in forged.problem()


def test_every_trust_root_was_published_in_the_ledger() -> None:
    assert "roots/2.json was never published in the ledger" in Forged(roots=(ROOT, SECOND)).problem()
    assert Forged(roots=(ROOT, SECOND), after=[published(SECOND)]).problem() == ""


def test_the_trust_root_of_an_entry_is_the_last_one_before_it() -> None:
    forged = Forged(roots=(ROOT, SECOND, THIRD), after=[published(SECOND), published(THIRD), entry(auc(), at=NOW)])
    dossier = opened(forged)
    assert [dossier.root_at(seq)["version"] for seq in (0, 1, 10, 11, 12, 13)] == [1, 1, 1, 2, 3, 3]
    early = replace(forged, entries=[published(), published(SECOND), *TOLD], after=[published(THIRD)])
    assert [opened(early).root_at(seq)["version"] for seq in (0, 1, 2, 11, 12)] == [1, 2, 2, 2, 3]


def test_policies_and_libraries_are_found_by_the_digest_of_their_bodies() -> None:
    other = replace(POLICY, statement="Another.")
    dossier = opened(Forged(after=[entry(other, ANALYST)]))
    named = {digest(canonical(encode(each))): encode(each) for each in (POLICY, other)}
    assert dossier.bodies("policy.adopted") == set(named)
    assert dossier.bodies("library.adopted") == {digest(canonical(encode(LIBRARY)))}
    for name, body in named.items():
        assert dossier.body_of("policy.adopted", name) == body


def test_entries_are_found_by_kind_and_by_what_their_bodies_hold_in_order() -> None:
    dossier = opened(Forged(after=[entry(auc(0.9), at=NOW)]))
    assert [seq for seq, _ in dossier.of("evidence.recorded")] == [5, 6, 11]
    assert [seq for seq, _ in dossier.of("evidence.recorded", check="auc-check")] == [5, 11]
    assert dossier.of("evidence.recorded", check="none") == []


def test_what_is_not_there_is_named() -> None:
    dossier = opened(Forged())
    dossier.require_known([digest(each.to_bytes()) for each in TOLD], "it")
    with pytest.raises(ValueError, match=r"it rests on entries that are not in the dossier \(\['sha256:x'\]\)"):
        dossier.require_known([digest(TOLD[0].to_bytes()), "sha256:x"], "it")
