from __future__ import annotations

import io
import json
import zipfile

from muster.lifecycle.dossier.archive import FORMAT, pack
from muster.records.canonical import canonical, digest
from muster.records.decision import Question
from muster.verifier.proof import manifest as manifests

QUESTION = Question("sha256:v", "loans", "production")


def test_members_are_stored_in_order_behind_a_manifest_of_them() -> None:
    content = pack([QUESTION], {"b": b"2", "a": b"1"})
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert archive.namelist() == ["manifest.json", "a", "b"]
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
        assert archive.read("manifest.json") == canonical(manifest)
    assert manifest["format"] == FORMAT == manifests.FORMAT
    assert manifest["members"][0] == {"name": "a", "digest": digest(b"1"), "size": 1}


def test_the_same_members_are_the_same_bytes() -> None:
    assert pack([QUESTION], {"b": b"2", "a": b"1"}) == pack([QUESTION], {"a": b"1", "b": b"2"})
