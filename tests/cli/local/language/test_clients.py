import json
from pathlib import Path

import pytest

from muster.cli.main import run
from muster.rules.language.clients import client_of, read_clients


def test_a_key_is_shown_once_and_opens(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "clients.txt"
    assert run(["client-key", "new", "editor", "coding", str(file), "--json"]) == 0
    key = json.loads(capsys.readouterr().out)["key"]
    found = client_of(read_clients(file.read_text(), "clients.txt"), f"Bearer {key}".encode())
    assert found is not None
    assert found.label == "editor"
    assert key not in file.read_text()


def test_a_label_that_is_taken_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "clients.txt"
    assert run(["client-key", "new", "editor", "coding", str(file)]) == 0
    assert run(["client-key", "new", "editor", "coding", str(file)]) == 2
    assert "editor stands twice" in capsys.readouterr().err
