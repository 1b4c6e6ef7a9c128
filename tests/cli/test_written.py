from __future__ import annotations

import resource
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from muster.cli.written import write_new


@pytest.fixture
def full() -> Iterator[None]:
    """No file may grow beyond 1,000 bytes, as on a disk that is nearly full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, ignored)


def test_a_file_is_written_once_or_replaced(tmp_path: Path) -> None:
    path = tmp_path / "x"
    write_new(path, b"one")
    with pytest.raises(FileExistsError):
        write_new(path, b"two")
    assert path.read_bytes() == b"one"
    write_new(path, b"two", replace=True)
    assert path.read_bytes() == b"two"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize("replace", [False, True])
def test_a_full_disk_leaves_no_half_of_a_file(tmp_path: Path, replace: bool) -> None:
    path = tmp_path / "x"
    if replace:
        path.write_bytes(b"old")
    with pytest.raises(OSError, match="too large") as caught:
        write_new(path, b"n" * 2000, replace=replace)
    assert caught.value.filename == str(path)
    assert [(found.name, found.read_bytes()) for found in tmp_path.iterdir()] == ([("x", b"old")] if replace else [])


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        write_new(tmp_path / "no" / "x", b"", replace=True)
    assert caught.value.filename == str(tmp_path / "no" / "x")
