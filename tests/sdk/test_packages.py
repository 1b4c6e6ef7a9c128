from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from muster.records.language.packages import Ecosystem
from muster.sdk.packages import Action, PackageRules, Verdict, check_text, open_lists
from muster.settings import read_settings
from muster.wiring.packages.lists import bring

ANSWER = "Install it:\n\n```sh\npip install numpy surely-absent\n```\n\nThat is all.\n"


def test_an_answer_is_judged_and_what_may_pass_comes_back(tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_text("numpy\n")
    settings = read_settings({"packages": tmp_path / "lists"}, {})
    today = datetime.fromtimestamp((tmp_path / "names.txt").stat().st_mtime, UTC)
    bring(settings, tmp_path / "names.txt", Ecosystem.PYPI, lambda _: None, complete=True, taken_at=today)
    lists = open_lists(tmp_path / "lists")
    report = check_text(ANSWER, lists=lists)
    assert [judgement.verdict for judgement in report.judgements] == [Verdict.FINE, Verdict.NONEXISTENT]
    assert [judgement.reference.name for judgement in report.stopped] == ["surely-absent"]
    assert "surely-absent" not in report.text.partition("#")[0]
    assert "That is all." not in report.text
    assert report.judgements[1].digest == lists.names[Ecosystem.PYPI].digest
    redact = PackageRules(actions={"nonexistent": Action.REDACT})
    assert "That is all." in check_text(ANSWER, rules=redact, lists=lists).text


def test_without_lists_those_of_this_machine_are_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSTER_PACKAGES", str(tmp_path))
    found = check_text("import numpy\nimport mine\nimport surely_absent\n", path="x.py", own=["mine"])
    assert [judgement.verdict for judgement in found.judgements] == [
        Verdict.FINE,
        Verdict.FIRST_PARTY,
        Verdict.UNKNOWN,
    ]


def test_it_loads_nothing_heavy() -> None:
    script = "import muster.sdk.packages, sys; print(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    heavy = {"fastapi", "mlflow", "numpy", "onnxruntime", "pandas", "pyarrow", "sklearn", "sqlite3", "httpx2", "mcp"}
    assert not set(done.stdout.split()) & heavy
