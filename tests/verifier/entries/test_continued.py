"""What gateways and witnesses were told of the ledger: signed, numbered, and continued by the ledger of today."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from tests.rules.scene import ROOT, VERSION, grant, key
from tests.verifier.forged import TOLD, Forged, note_of, published, tree_of

from muster.records.canonical import canonical, digest
from muster.records.release import Deployment
from muster.records.trust import Duty, TrustRoot
from muster.rules.note import signatures_of
from muster.rules.witness.cosignature import cosign

DEPLOYED = Deployment("credit", "loans", "production", "serve", VERSION, digest(b"served"), digest(b"package"))
OTHER = replace(DEPLOYED, name="cards", version=digest(b"other"))
WITNESS, NAME = "ledger-witness", "auditors.example/witness"
SEATED = replace(ROOT, grants=(*ROOT.grants, replace(grant(Duty.WITNESS, WITNESS), name=NAME)))


def test_orders_are_told_with_what_they_deploy() -> None:
    said = Forged(told=({}, {"deployments": (OTHER,)})).verified()
    assert "- Orders to gateways: 2, each signed; deployed as: credit." in said
    assert "deployed as: none." in Forged(told=({"deployments": (OTHER,)},)).verified()


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"signed_with": "release"}, "the orders in entry 11: 0 of 1 trusted keys signed it"),
        (
            {"checkpoint": note_of(TOLD, "ledger-other")},
            "the checkpoint of entries/00000011.json is not signed by a key",
        ),
        ({"checkpoint": note_of(TOLD)}, "does not continue the one that entries/00000011.json was signed on"),
        ({"number": 2}, "the orders in entry 11 are for another group, or of another number, than the entry says"),
    ],
)
def test_what_is_forged_about_orders_is_named(said: dict[str, Any], why: str) -> None:
    assert why in Forged(told=(said,)).problem()


def test_the_numbers_of_orders_rise_in_each_group() -> None:
    assert Forged(told=({"number": 3}, {"number": 7}), numbered=(3, 7)).problem() == ""
    assert Forged(told=({"number": 3}, {"number": 1, "group": "eu"}), numbered=(3, 1)).problem() == ""
    for second in (2, 3):
        said = Forged(told=({"number": 3}, {"number": second}), numbered=(3, second)).problem()
        assert f"the orders in entry 12 are number {second}, after number 3" in said
    assert "are number 0, after number 0" in Forged(told=({"number": 0},), numbered=(0,)).problem()


def test_a_dossier_of_a_deployment_is_of_one_that_orders_name() -> None:
    assert Forged(told=({},), deployment="credit").verified().startswith("deployment     credit\n")
    for told in ((), ({"deployments": (OTHER,)},)):
        assert "no orders deploy anything under that name" in Forged(told=told, deployment="cards").problem()


def test_the_orders_key_of_their_time_counts() -> None:
    left = tuple(each for each in ROOT.grants if each.duty is not Duty.ORDERS)
    second = replace(ROOT, version=2, grants=(*left, grant(Duty.ORDERS, "orders two")))
    assert Forged(told=({},), roots=(ROOT, second), after=[published(second)]).problem() == ""
    early = Forged([published(), published(second), *TOLD], told=({},), roots=(ROOT, second))
    assert "the orders in entry 12: 0 of 1 trusted keys signed it" in early.problem()


def with_proof(forged: Forged, name: str, path: list[str]) -> str:
    """Return what the verifier says where another path shall prove that the ledger continues an earlier one."""
    found = json.loads(forged.contents()["consistency.json"])
    forged.members = {"consistency.json": canonical({**found, name: path})}
    return forged.problem()


def test_the_ledger_continues_what_was_said_before_and_nothing_else_is_proven() -> None:
    said = with_proof(Forged(), "entries/00000004.json", [])
    assert "consistency.json proves what is not here: ['entries/00000004.json']" in said
    for name in ("releases/1.json", "entries/00000011.json"):
        for path in ([], ["00" * 32]):
            assert f"does not continue the one that {name}" in with_proof(Forged(told=({},)), name, path)


def seen(forged: Forged, size: int, pen: str = WITNESS, name: str = NAME) -> bytes:
    """Return a checkpoint of so many entries that a witness cosigned."""
    note = note_of(forged.ledger[:size])
    text, _ = signatures_of(note)
    return (note + cosign(text, name, key(pen).key, key(pen).sign, forged.ledger[0].at)).encode()


def witnessed(needed: int = 0, size: int = 5, root: TrustRoot = SEATED, **by: str) -> str:
    """Return what the verifier says where a witness has seen so many entries."""
    root = replace(root, witnesses_needed=needed)
    forged = Forged([published(root), *TOLD], roots=(root,))
    found = json.loads(forged.contents()["consistency.json"])
    path = [step.hex() for step in tree_of(forged.ledger).consistency(size, len(forged.ledger))]
    proofs = canonical(found | {"witnessed.txt": path})
    forged.members = {"witnessed.txt": seen(forged, size, **by), "consistency.json": proofs}
    return forged.problem() or forged.verified()


def test_witnesses_that_the_trust_root_names_are_told_with_what_they_saw() -> None:
    assert f"- Its first 5 entries were seen by: {NAME}. They cosigned it." in witnessed()
    assert "were seen by" in witnessed(1)
    assert "1 of the trust root's witnesses have seen the ledger, 2 must" in witnessed(2)


def test_nobody_else_is_a_witness() -> None:
    assert "witnessed.txt is cosigned by no witness of the trust root" in witnessed(pen="ledger-other")
    assert "cosigned by no witness" in witnessed(name="elsewhere.example/witness")
    assert "cosigned by no witness" in witnessed(root=ROOT)
    nameless = replace(SEATED, grants=tuple(replace(g, name="") if g.name else g for g in SEATED.grants))
    assert "cosigned by no witness" in witnessed(root=nameless, name="x")
