from __future__ import annotations

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.rules.scene import ORIGIN, key

from muster.adapters.telling.anchors import FileAnchor, GitAnchor, WebhookAnchor, anchor_of
from muster.records.trust import Duty
from muster.rules.note import Checkpoint, sign_checkpoint
from muster.rules.witness.history import notes_in

PEN = key(Duty.LEDGER.value)
NOTES = [sign_checkpoint(Checkpoint(ORIGIN, n, b"r" * 32), PEN.key, PEN.sign) for n in (1, 2)]


def clock() -> datetime:
    return datetime(2026, 11, 23, tzinfo=UTC)


def git(folder: Path, *words: str) -> str:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    line = ["git", "-C", str(folder), *words]
    return subprocess.run(line, capture_output=True, text=True, check=True, env=plain).stdout


def test_a_file_is_only_added_to(tmp_path: Path) -> None:
    path = tmp_path / "anchors.txt"
    for note in (NOTES[0], NOTES[0], NOTES[1]):
        FileAnchor(path).keep(note)
    assert notes_in(path.read_text()) == tuple(NOTES)
    with pytest.raises(OSError, match="No such file"):
        FileAnchor(tmp_path / "absent" / "anchors.txt").keep(NOTES[0])


def test_a_repository_has_a_commit_for_each_checkpoint_and_runs_no_hook(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    trap = tmp_path / ".git" / "hooks" / "pre-commit"
    trap.write_text("#!/bin/sh\ntouch trapped\nexit 1\n")
    trap.chmod(0o755)
    (tmp_path / "other").write_text("somebody is at work on it")
    git(tmp_path, "add", "other")
    anchor = GitAnchor(tmp_path)
    for note in (NOTES[0], NOTES[0], NOTES[1]):
        anchor.keep(note)
    assert git(tmp_path, "log", "--format=%s").splitlines() == [f"{ORIGIN}: 2 entries", f"{ORIGIN}: 1 entries"]
    assert git(tmp_path, "show", "HEAD:bank.example-credit.checkpoint") == NOTES[1]
    assert git(tmp_path, "status", "--short") == "A  other\n"
    assert not (tmp_path / "trapped").exists()


def test_what_is_no_repository_is_said_clearly(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no git repository: make one there with git init"):
        GitAnchor(tmp_path).keep(NOTES[0])
    git(tmp_path, "init", "-q")
    (tmp_path / ".git" / "index.lock").touch()
    with pytest.raises(OSError, match="git add in .* failed: .*index.lock"):
        GitAnchor(tmp_path).keep(NOTES[0])


def test_a_setting_names_a_place(tmp_path: Path) -> None:
    assert anchor_of(f"file:{tmp_path}/a", b"", clock).name == f"file:{tmp_path}/a"
    assert anchor_of(f"git:{tmp_path}", b"", clock).name == f"git:{tmp_path}"
    assert anchor_of("https://anchors.example/in", b"s", clock).name == "https://anchors.example/in"
    for odd in ("", "file:", "ftp://x", "somewhere"):
        with pytest.raises(ValueError, match="anchor"):
            anchor_of(odd, b"", clock)
    with pytest.raises(ValueError, match="use https"):
        anchor_of("http://anchors.example/in", b"s", clock)


def test_a_webhook_is_sent_the_note_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = []
    anchor = WebhookAnchor("https://anchors.example/in", b"secret", clock)
    monkeypatch.setattr(anchor._hook, "send", sent.append)
    anchor.keep(NOTES[0])
    (event,) = sent
    assert (event.kind, event.subject, event.data) == (
        "muster.checkpoint.anchored",
        ORIGIN,
        {"checkpoint": NOTES[0]},
    )
