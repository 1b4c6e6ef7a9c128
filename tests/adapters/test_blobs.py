"""What only a local folder can suffer: altered files, full disks, missing folders, foreign errors."""

import errno
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from obstore.exceptions import PermissionDeniedError

from muster.adapters.blobs import FolderBlobs


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """Let the operating system refuse longer files, as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_an_altered_blob_is_not_returned(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path)
    digest = blobs.put(b"model bytes")
    files(tmp_path)[0].write_bytes(b"model bytez")
    with pytest.raises(ValueError, match="was altered"):
        blobs.get(digest)


def test_putting_again_heals_a_torn_blob(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path)
    digest = blobs.put(b"model bytes")
    files(tmp_path)[0].write_bytes(b"")
    assert blobs.put(b"model bytes") == digest
    assert blobs.get(digest) == b"model bytes"


def test_another_process_reads_what_was_put(tmp_path: Path) -> None:
    digest = FolderBlobs(tmp_path).put(b"shared")
    assert FolderBlobs(tmp_path, create=False).get(digest) == b"shared"


def test_a_full_disk_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path)
    blobs.publish("orders/a.json", b"old")
    before = files(tmp_path)
    with largest_file(1000):
        with pytest.raises(OSError, match="blob sha256:.* File too large") as refused:
            blobs.put(b"x" * 100_000)
        with pytest.raises(OSError, match=r"document orders/a\.json in .*File too large"):
            blobs.publish("orders/a.json", b"x" * 100_000)
    assert refused.value.errno == errno.EFBIG
    assert files(tmp_path) == before
    assert blobs.published("orders/a.json") == b"old"


def test_a_file_in_the_way_is_said(tmp_path: Path) -> None:
    (tmp_path / "sha256").write_text("in the way")
    with pytest.raises(OSError, match="blob sha256:.* in .*: Not a directory"):
        FolderBlobs(tmp_path).put(b"x")


def test_a_missing_folder_is_an_error_for_readers(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no folder .*nowhere: check the path"):
        FolderBlobs(tmp_path / "nowhere", create=False)
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("trap", ["pipe", "device", "folder", "large"])
def test_whoever_may_write_there_can_neither_hold_up_nor_fill_a_reader(tmp_path: Path, trap: str) -> None:
    blobs = FolderBlobs(tmp_path, largest=1000)
    digest = blobs.put(b"model bytes")
    victim = files(tmp_path)[0]
    victim.unlink()
    if trap == "pipe":
        os.mkfifo(victim)
    elif trap == "device":
        victim.symlink_to("/dev/zero")
    elif trap == "folder":
        victim.mkdir()
    else:
        with victim.open("wb") as file:
            file.truncate(2**40)
    with pytest.raises(OSError, match=r"no plain file|larger than the 1000 bytes"):
        blobs.get(digest)


def test_a_file_in_place_of_a_folder_is_said(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path)
    blobs.publish("orders", b"a file")
    with pytest.raises((OSError, KeyError)):
        blobs.published("orders/default.json")


def test_a_document_that_is_a_hole_of_gigabytes_is_not_read(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path)
    blobs.publish("orders/default.json", b"{}")
    with (tmp_path / "named" / "orders" / "default.json").open("wb") as file:
        file.truncate(2**31)
    with pytest.raises(OSError, match="larger than the 16777216 bytes"):
        blobs.published("orders/default.json")


def test_what_the_store_locks_stays_and_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_: object) -> None:
        msg = "object lock"
        raise PermissionDeniedError(msg)

    blobs = FolderBlobs(tmp_path)
    digest = blobs.put(b"rows")
    monkeypatch.setattr("muster.adapters.blobs.obstore.delete", locked)
    with pytest.raises(PermissionError, match=f"blob {digest} .* is locked"):
        blobs.remove(digest)
    assert blobs.get(digest) == b"rows"
