"""The verifier against every change of a dossier."""

from __future__ import annotations

import io
import itertools
import json
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.lifecycle.dossier.scene import Scene, refused, released
from tests.verifier.packing import members_of, packed, problem, zipped

from muster.records.canonical import canonical
from muster.verifier.verify import verify as verify_dossier


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    made = released(tmp_path_factory.mktemp("released"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def dossier(scene: Scene) -> bytes:
    return scene.dossier()


def test_another_root_is_not_trusted(dossier: bytes) -> None:
    assert "another fingerprint" in problem(dossier, "sha256:" + "0" * 64)


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_any_byte_of_any_member_changed_is_noticed(scene: Scene, dossier: bytes, data: st.DataObject) -> None:
    members = members_of(dossier)
    name = data.draw(st.sampled_from([name for name in members if name != "verify.py"]))
    changed = bytearray(members[name])
    changed[data.draw(st.integers(0, len(changed) - 1))] ^= data.draw(st.integers(1, 255))

    assert problem(zipped([*{**members, name: bytes(changed)}.items()]), scene.house.fingerprint)


@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_a_new_manifest_hides_no_change_of_anything_that_is_proven(
    scene: Scene, dossier: bytes, data: st.DataObject
) -> None:
    members = members_of(dossier)
    unsigned = ("verify.py", "dossier.html", "manifest.json", "papers/", "versions/")
    name = data.draw(st.sampled_from([name for name in members if not name.startswith(unsigned)]))
    changed = bytearray(members[name])
    changed[data.draw(st.integers(0, len(changed) - 1))] ^= data.draw(st.integers(1, 255))
    assume(_sense(name, bytes(changed)) != _sense(name, members[name]))

    assert problem(packed({**members, name: bytes(changed)}), scene.house.fingerprint)


def _sense(name: str, content: bytes) -> object:
    """Return what a member says, without the key ids of its signatures: those are hints that nobody relies on."""
    if not name.startswith("roots/"):
        return content
    try:
        said = json.loads(content)
        for signature in said["signatures"]:
            del signature["keyid"]
    except (ValueError, KeyError, TypeError):
        return content
    return json.dumps(said)


@given(place=st.integers(0), mask=st.integers(1, 255))
@settings(max_examples=60, deadline=None)
def test_any_byte_of_the_file_itself_changed_is_noticed(scene: Scene, dossier: bytes, place: int, mask: int) -> None:
    changed = bytearray(dossier)
    changed[place % len(changed)] ^= mask

    assert problem(bytes(changed), scene.house.fingerprint)


def test_members_cannot_be_dropped(scene: Scene, dossier: bytes) -> None:
    members = members_of(dossier)
    for name in members:
        rest = {other: content for other, content in members.items() if other != name}
        assert problem(zipped([*rest.items()]), scene.house.fingerprint), name


def test_a_new_manifest_hides_no_entry_that_the_release_rests_on(scene: Scene, dossier: bytes) -> None:
    members = members_of(dossier)
    release = json.loads(members["releases/1.json"])
    for line in release["entries"]:
        name = f"entries/{line['seq']:08d}.json"
        proofs = {seq: path for seq, path in json.loads(members["proofs.json"]).items() if seq not in name}
        rest = {other: content for other, content in members.items() if other != name}
        assert problem(packed({**rest, "proofs.json": canonical(proofs)}), scene.house.fingerprint), name


def test_members_cannot_be_added_doubled_or_moved(scene: Scene, dossier: bytes) -> None:
    root = scene.house.fingerprint
    members = [*members_of(dossier).items()]
    entry = next(pair for pair in members if pair[0].startswith("entries/"))

    assert problem(zipped(members), root) == ""
    assert "no member of a dossier" in problem(zipped([*members, ("../evil.json", b"")]), root)
    assert "no member of a dossier" in problem(zipped([*members, ("note.txt", b"")]), root)
    assert "not list exactly" in problem(zipped([*members, ("releases/2.json", b"")]), root) or "order" in problem(
        zipped([*members, ("releases/2.json", b"")]), root
    )
    with pytest.warns(UserWarning, match="Duplicate name"):
        doubled = zipped([*members, entry])
    assert "occurs twice" in problem(doubled, root)
    for first, second in itertools.islice(itertools.pairwise(range(len(members))), 6):
        moved = [*members]
        moved[first], moved[second] = moved[second], moved[first]
        assert problem(zipped(moved), root)


def test_nothing_may_stand_beside_the_members(scene: Scene, dossier: bytes) -> None:
    root = scene.house.fingerprint
    commented = io.BytesIO(dossier)
    with zipfile.ZipFile(commented, "a") as archive:
        archive.comment = b"read me"

    assert "beside its members" in problem(commented.getvalue(), root)
    assert problem(b"prefix" + dossier, root)
    assert problem(dossier + b"suffix", root)


def test_bombs_do_not_unpack(scene: Scene) -> None:
    bomb = zipped([("dossier.html", b"\0" * 10_000_000)], zipfile.ZIP_DEFLATED)
    claims = bytearray(zipped([("dossier.html", b"x")]))
    place = claims.rindex(b"PK\x01\x02")
    struct.pack_into("<II", claims, place + 20, 2**31, 2**31)

    assert "compressed" in problem(bomb, scene.house.fingerprint)
    assert "larger than the file" in problem(bytes(claims), scene.house.fingerprint)


def test_a_package_of_another_release_is_not_taken(scene: Scene, dossier: bytes) -> None:
    members = members_of(dossier)
    package = json.loads(members["releases/1.json"])
    twisted = canonical({**package, "entries": package["entries"][::-1]})

    assert "is not the package" in problem(packed({**members, "releases/1.json": twisted}), scene.house.fingerprint)


@pytest.mark.parametrize("place", ["version", "use_case", "environment", "scope"])
def test_the_question_cannot_be_changed(scene: Scene, dossier: bytes, place: str) -> None:
    members = members_of(dossier)
    manifest = json.loads(members["manifest.json"])
    manifest["questions"][0][place] = "sha256:other" if place == "version" else "other"
    members["manifest.json"] = canonical(manifest)

    assert problem(zipped([*members.items()]), scene.house.fingerprint)


def test_a_newer_checkpoint_of_another_ledger_is_not_taken(scene: Scene, dossier: bytes, tmp_path: Path) -> None:
    other = refused(tmp_path)
    try:
        foreign = {**members_of(dossier), "checkpoint.txt": members_of(other.dossier())["checkpoint.txt"]}
        assert "not in the ledger that the checkpoint is of" in problem(packed(foreign), scene.house.fingerprint)
    finally:
        other.close()


def test_a_refused_version_verifies_too_and_says_so(tmp_path: Path) -> None:
    scene = refused(tmp_path)
    report = "\n".join(verify_dossier(scene.dossier(), scene.house.fingerprint))
    scene.close()
    assert "the gate said REFUSE" in report
    assert report.index("  not-met  ") < report.index("  met  use-case")
    assert "not met by 0.600" in report
    assert "A release was signed" not in report
