"""The verifier against hostile zip files: whatever was done to one, it is refused, soon, and in little memory."""

from __future__ import annotations

import io
import json
import random
import struct
import tracemalloc
import zipfile
from collections.abc import Iterator

import pytest
from tests.lifecycle.dossier.scene import Scene, released
from tests.rules.scene import VERSION
from tests.verifier.packing import members_of, packed, problem, zipped

from muster.lifecycle.dossier.signing.attest import attest
from muster.records.canonical import canonical
from muster.verifier.proof.archive import unpack
from muster.verifier.proof.manifest import check_manifest

SEED = 20261123


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    made = released(tmp_path_factory.mktemp("released"))
    attest(made.as_("olga"), VERSION)
    yield made
    made.close()


@pytest.fixture(scope="module")
def dossier(scene: Scene) -> bytes:
    return scene.dossier()


def refusal(content: bytes) -> str:
    """Return why a file is not unpacked; empty if it is."""
    try:
        check_manifest(unpack(content))
    except Exception as error:  # noqa: BLE001 - as the verifier itself does
        return f"{type(error).__name__}: {error}"
    return ""


def directory(content: bytes) -> int:
    return int(struct.unpack_from("<I", content, len(content) - 6)[0])


def test_as_it_is_it_unpacks(dossier: bytes) -> None:
    assert refusal(dossier) == ""


def test_a_byte_of_every_member_changed_is_noticed_and_the_member_named(dossier: bytes) -> None:
    members = members_of(dossier)
    chance = random.Random(SEED)
    for name, content in members.items():
        if name in ("verify.py", "manifest.json"):
            continue
        for place in {0, len(content) // 2, len(content) - 1, *(chance.randrange(len(content)) for _ in range(3))}:
            changed = bytearray(content)
            changed[place] ^= chance.randrange(1, 256)
            said = refusal(zipped([*{**members, name: bytes(changed)}.items()]))
            assert f"{name} is not what the manifest says" in said


def test_a_byte_of_the_structure_changed_is_noticed(dossier: bytes) -> None:
    start = directory(dossier)
    chance = random.Random(SEED)
    headers = [info.header_offset + place for info in zipfile.ZipFile(io.BytesIO(dossier)).infolist() for place in
               (chance.randrange(30), 4, 6, 8, 26, 28)]  # fmt: skip
    for place in [*range(start, start + 120), *range(len(dossier) - 40, len(dossier)), *headers]:
        changed = bytearray(dossier)
        changed[place] ^= chance.randrange(1, 256)
        assert refusal(bytes(changed)), place


def test_members_dropped_added_and_reordered_are_named(dossier: bytes) -> None:
    members = members_of(dossier)
    for name in members:
        rest = [(other, content) for other, content in members.items() if other != name]
        assert (name if name != "manifest.json" else "KeyError") in refusal(zipped(rest))
        moved = [*rest, (name, members[name])]
        if name != next(reversed(members)):
            assert "not in their order" in refusal(zipped(moved))
    for added in ("sealed/" + "0" * 64, "releases/9.json", "papers/other.html"):
        assert refusal(zipped([*members.items(), (added, b"")]))


ODD = [
    "../entries/00000000.json", "/etc/passwd", "entries/../verify.py", "entries\\00000000.json", "C:verify.py",
    "Entries/00000000.json", "DOSSIER.HTML", "dossier.html/", "entries/", "entries/00000000.json#.txt", "",
    "entries/\u0660\u0660\u0660\u0660\u0660\u0660\u0660\u0660.json", "dossier.html\n", "./dossier.html",
    "papers/../../x.html", "papers/1/2/model-card.html", "attestations/release-1.sigstore.json/x", "verify.py ",
]  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_names_that_lead_elsewhere_or_fold_into_others_are_refused(dossier: bytes, name: str) -> None:
    content = zipped([*members_of(dossier).items(), (name, b"x")])
    assert refusal(content)
    assert refusal(content.replace(b"json#.txt", b"json\0.txt"))  # the name ends there, for some readers


def with_infos(members: dict[str, bytes], **changes: object) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name)
            info.create_system, info.external_attr = 3, 0o644 << 16
            if name == "dossier.html":
                for field, value in changes.items():
                    setattr(info, field, value)
            archive.writestr(info, content)
    return out.getvalue()


@pytest.mark.parametrize(
    "changes",
    [
        {"external_attr": 0o120777 << 16},  # a symbolic link
        {"external_attr": 0o755 << 16},
        {"extra": b"\xfe\xca\x04\x00hide"},
        {"comment": b"read me"},
        {"date_time": (2026, 11, 23, 0, 0, 0)},
        {"create_system": 0},
        {"internal_attr": 1},
        {"compress_type": zipfile.ZIP_LZMA},
        {"compress_type": zipfile.ZIP_BZIP2},
    ],
)
def test_whatever_a_member_carries_beside_its_content_is_refused(dossier: bytes, changes: dict[str, object]) -> None:
    assert refusal(with_infos(members_of(dossier), **changes))
    assert refusal(with_infos(members_of(dossier))) == ""


class _Unseekable(io.BytesIO):
    def seekable(self) -> bool:
        return False

    def tell(self) -> int:
        raise OSError

    def seek(self, *_: object) -> int:
        raise OSError


def test_data_descriptors_are_refused(dossier: bytes) -> None:
    out = _Unseekable()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members_of(dossier).items():
            info = zipfile.ZipInfo(name)
            info.create_system, info.external_attr = 3, 0o644 << 16
            archive.writestr(info, content)

    assert refusal(out.getvalue())


def test_two_members_of_one_place_are_refused(dossier: bytes) -> None:
    changed = bytearray(dossier)
    first = changed.index(b"PK\x01\x02")
    second = changed.index(b"PK\x01\x02", first + 4)
    changed[second + 42 : second + 46] = changed[first + 42 : first + 46]
    assert refusal(bytes(changed))


def claimed(count: int) -> bytes:
    """Return a small file that claims many members by the extension for large files."""
    end64 = struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, count, count, 46 * count, 0)
    return end64 + struct.pack("<4sIQI", b"PK\6\7", 0, 0, 1) + struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 65535, 65535,
                                                                          2**32 - 1, 2**32 - 1, 0)  # fmt: skip


def inner() -> bytes:
    return zipped([("bomb", b"\0" * 5_000_000)], zipfile.ZIP_DEFLATED)


@pytest.mark.parametrize(
    "bomb",
    [
        zipped([("dossier.html", b"\0" * 30_000_000)], zipfile.ZIP_DEFLATED),
        zipped([("inner.zip", inner())], zipfile.ZIP_DEFLATED),
        zipped([("dossier.html", inner())], zipfile.ZIP_DEFLATED),
        claimed(2**40),
        b"\0" * 2_000_000 + claimed(10**9),
        zipped([(f"entries/{place:08d}.json", b"") for place in range(1_000)]),
    ],
    ids=["ratio", "nested", "nested-as-page", "members", "members-padded", "many"],
)
def test_bombs_are_refused_in_little_memory(bomb: bytes) -> None:
    tracemalloc.start()
    assert refusal(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 6 * len(bomb) + 30_000_000


def test_a_file_beyond_all_dossiers_is_not_read(monkeypatch: pytest.MonkeyPatch, dossier: bytes) -> None:
    monkeypatch.setattr("muster.verifier.proof.archive.LARGEST", len(dossier) - 1)
    assert "larger than any dossier" in refusal(dossier)


def test_a_million_signatures_are_not_tried(scene: Scene, dossier: bytes) -> None:
    members = members_of(dossier)
    root = json.loads(members["roots/1.json"])
    root["signatures"] *= 1000
    note = members["checkpoint.txt"].decode()
    text, _, lines = note.rpartition("\n\n")
    forged = f"{text}\n\n{lines * 1000}".encode()

    assert "more signatures" in problem(packed({**members, "roots/1.json": canonical(root)}), scene.house.fingerprint)
    assert "more signatures" in problem(packed({**members, "checkpoint.txt": forged}), scene.house.fingerprint)


def test_deep_nesting_is_refused(dossier: bytes) -> None:
    deep = b"[" * 200_000 + b"]" * 200_000
    assert refusal(zipped([*{**members_of(dossier), "manifest.json": deep}.items()]))
