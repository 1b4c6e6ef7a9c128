from __future__ import annotations

from pathlib import Path

import pytest

from muster.wiring.carried.tokens import keep_token, kept_token, token_file

URL = "https://muster.bank.example"


def test_a_token_is_kept_for_its_control_plane_and_read_by_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "config" / "muster" / "sessions.json"
    assert kept_token(URL, file) == ""
    assert keep_token(URL, "a", file) == file
    keep_token("http://127.0.0.1:8400", "b", file)
    assert [kept_token(f"{URL}/", file), kept_token("http://127.0.0.1:8400", file)] == ["a", "b"]
    assert kept_token("https://muster.bank.example.evil.example", file) == ""
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in file.parent.iterdir()] == ["sessions.json"]


def test_an_empty_token_is_forgotten(tmp_path: Path) -> None:
    file = tmp_path / "sessions.json"
    keep_token(URL, "a", file)
    keep_token(URL, "", file)
    assert kept_token(URL, file) == ""
    assert "bank" not in file.read_text()


def test_a_file_that_others_can_read_is_not_believed(tmp_path: Path) -> None:
    file = tmp_path / "sessions.json"
    keep_token(URL, "a", file)
    file.chmod(0o644)
    with pytest.raises(PermissionError, match="chmod 600"):
        kept_token(URL, file)


@pytest.mark.parametrize("text", ["{", "[]", '{"a": 1}'])
def test_a_damaged_file_is_said(tmp_path: Path, text: str) -> None:
    file = tmp_path / "sessions.json"
    file.touch(mode=0o600)
    file.write_text(text)
    with pytest.raises(ValueError, match="is damaged"):
        kept_token(URL, file)


def test_the_file_is_in_the_users_folder_for_settings() -> None:
    assert token_file({"XDG_CONFIG_HOME": "/x"}) == Path("/x/muster/sessions.json")
    assert token_file({"HOME": "/y"}) == Path("/y/.config/muster/sessions.json")
