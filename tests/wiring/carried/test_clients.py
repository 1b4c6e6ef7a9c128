import os
from pathlib import Path

import pytest

from muster.rules.language.clients import client_of
from muster.wiring.carried.clients import ClientFile, new_client_key


def test_a_key_that_was_made_opens_and_is_not_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "clients.txt"
    clients = [new_client_key(path, label, "coding") for label in ("editor", "shell")]
    file = ClientFile(path)
    for made in clients:
        found = client_of(file(), f"Bearer {made.key}".encode())
        assert found is not None
        assert (found.label, found.use_case) == (made.label, "coding")
        assert made.key not in path.read_text()
    assert path.stat().st_mode & 0o077 == 0
    assert [entry.name for entry in tmp_path.iterdir()] == ["clients.txt"]


@pytest.mark.parametrize(("label", "use_case"), [("editor", "coding"), ("two words", "coding"), ("x", "")])
def test_a_line_that_could_not_be_read_again_is_not_written(tmp_path: Path, label: str, use_case: str) -> None:
    path = tmp_path / "clients.txt"
    new_client_key(path, "editor", "coding")
    before = path.read_text()
    with pytest.raises(ValueError, match="line 2"):
        new_client_key(path, label, use_case)
    assert path.read_text() == before


def test_a_client_that_is_taken_out_is_shut_out_at_once(tmp_path: Path) -> None:
    path = tmp_path / "clients.txt"
    gone = new_client_key(path, "editor", "coding")
    kept = new_client_key(path, "shell", "coding")
    file = ClientFile(path)
    assert len(file()) == 2
    path.write_text(f"{kept.line}\n")
    assert client_of(file(), f"Bearer {gone.key}".encode()) is None
    path.unlink()
    with pytest.raises(FileNotFoundError):
        file()


def test_a_file_that_others_may_write_lets_nobody_in(tmp_path: Path) -> None:
    path = tmp_path / "clients.txt"
    new_client_key(path, "editor", "coding")
    os.chmod(path, 0o620)  # noqa: PTH101 - what is tested
    with pytest.raises(PermissionError, match="chmod go-w"):
        ClientFile(path)()
