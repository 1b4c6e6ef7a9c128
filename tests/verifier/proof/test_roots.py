"""Trust roots: the first by its fingerprint, each next by the keys of the one before and by its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.rules.scene import ROOT, grant, key

from muster.records.canonical import canonical
from muster.records.codec import encode
from muster.records.trust import Duty, TrustRoot
from muster.rules.envelope import envelope_text, seal
from muster.rules.trust import fingerprint
from muster.verifier.proof.roots import ROOT_TYPE, follow

REST = tuple(each for each in ROOT.grants if each.duty is not Duty.ROOT)
SECOND = replace(ROOT, version=2)


def held_by(*names: str, threshold: int = 1, version: int = 1) -> TrustRoot:
    return replace(
        ROOT, version=version, threshold=threshold, grants=(*REST, *(grant(Duty.ROOT, name) for name in names))
    )


def followed(*roots: tuple[TrustRoot, tuple[str, ...]], pinned: str = "", kind: str = ROOT_TYPE) -> list[Any]:
    """Let the verifier follow roots, each signed by whom it is signed by."""
    pens = [(root, [(key(name).key, key(name).sign) for name in names]) for root, names in roots]
    sealed = [seal(kind, canonical(encode(root)), signers) for root, signers in pens]
    members = {f"roots/{place}.json": envelope_text(each).encode() for place, each in enumerate(sealed, 1)}
    found: list[Any] = follow(members, pinned or fingerprint(roots[0][0]))
    return found


def by_root(*roots: TrustRoot) -> list[Any]:
    return followed(*((root, ("root",)) for root in roots))


def test_trust_roots_follow_one_another_without_a_gap() -> None:
    assert [root["version"] for root in by_root(ROOT, SECOND)] == [1, 2]
    for version in (1, 3):
        with pytest.raises(ValueError, match="roots/2.json does not follow the one before it"):
            by_root(ROOT, replace(ROOT, version=version))
    with pytest.raises(ValueError, match="there is no trust root in the dossier"):
        follow({}, fingerprint(ROOT))


def test_the_first_has_the_fingerprint_that_the_reader_knows() -> None:
    with pytest.raises(ValueError, match="roots/1.json has another fingerprint than sha256:0"):
        followed((ROOT, ("root",)), pinned="sha256:0")
    names = ("one", "two", "three")
    for order in (names, names[::-1]):
        assert len(followed((held_by(*order, threshold=2), ("one", "three")))) == 1
    with pytest.raises(ValueError, match="another fingerprint"):
        followed((held_by(*names, threshold=2), names), pinned=fingerprint(held_by(*names)))


def test_each_is_signed_by_a_threshold_of_its_own_keys_and_of_those_before() -> None:
    first, second = held_by("one", "two", threshold=2), held_by("two", "three", threshold=2, version=2)
    both = ("one", "two")
    assert len(followed((first, both), (second, ("one", "two", "three")))) == 2
    for signers, why in ((("two", "three"), "1 of 2"), (both, "1 of 2"), (("three",), "0 of 2")):
        with pytest.raises(ValueError, match=f"roots/2.json: {why} trusted keys signed it, 2 must"):
            followed((first, both), (second, signers))
    with pytest.raises(ValueError, match="roots/1.json: 1 of 2 trusted keys"):
        followed((first, ("one",)))
    with pytest.raises(ValueError, match="roots/1.json is a 'text/plain'"):
        followed((ROOT, ("root",)), kind="text/plain")


def test_no_key_has_two_duties() -> None:
    for duty in (Duty.ORDERS, Duty.APPROVER):
        with pytest.raises(ValueError, match="roots/1.json gives one key two duties"):
            by_root(replace(ROOT, grants=(*ROOT.grants, replace(ROOT.grants[0], duty=duty))))
