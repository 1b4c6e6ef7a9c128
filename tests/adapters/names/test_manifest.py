from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.adapters.names.made import TAKEN

from muster.adapters.names.manifest import FILE, Manifest, digest_of, digest_of_file, read_manifest, verify
from muster.records.language.packages import Ecosystem

MANIFEST = Manifest(Ecosystem.NPM, complete=False, taken_at=TAKEN, names=3, source="file", files={"a": "sha256:00"})


def test_what_is_written_is_read_and_its_digest_tells_every_change(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(MANIFEST.content)
    assert read_manifest(tmp_path) == MANIFEST
    assert MANIFEST.digest == digest_of((tmp_path / FILE).read_bytes()) == digest_of_file(tmp_path / FILE)
    changes = [
        {"complete": True},
        {"taken_at": TAKEN + timedelta(seconds=1)},
        {"names": 4},
        {"serial": 31},
        {"index": "sha256:01"},
        {"files": {"a": "sha256:02"}},
        {"ecosystem": Ecosystem.PYPI},
    ]
    digests = {replace(MANIFEST, **change).digest for change in changes}
    assert len(digests | {MANIFEST.digest}) == len(changes) + 1


def test_a_pipe_in_place_of_a_file_does_not_hold_anybody_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a")
    with pytest.raises(ValueError, match="a: it is no plain file; take the list again"):
        verify(tmp_path, MANIFEST)
    (tmp_path / "a").unlink()
    with pytest.raises(ValueError, match="a: No such file"):
        verify(tmp_path, MANIFEST)
