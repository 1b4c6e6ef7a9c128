from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from tests.lifecycle.dossier.scene import released
from tests.rules.scene import VERSION, key

from muster.lifecycle.dossier.collect import collect
from muster.lifecycle.dossier.signing.attest import attest
from muster.lifecycle.dossier.signing.tools import tools
from muster.lifecycle.dossier.story import tell
from muster.records.decision import Question
from muster.records.trust import Duty


def test_every_attestation_is_listed_in_words_and_how_a_model_is_verified(tmp_path: Path) -> None:
    scene = released(tmp_path)
    before = tools(tell(collect(scene.as_("auditor"), Question(VERSION, "loans", "production")), scene.house.verify))
    attest(scene.as_("olga"), VERSION)
    collected = collect(scene.as_("auditor"), Question(VERSION, "loans", "production"))
    shown = tools(tell(collected, scene.house.verify))
    scene.close()

    assert "a sign-off by a person" in before
    assert "model_signing" not in before
    for name in collected.attestations:
        assert name in shown
    for words in ("test result", "verification summary", "provenance", "OpenSSF", "model_signing verify key"):
        assert words in shown


def test_the_command_on_the_page_verifies_the_model_and_nothing_else(tmp_path: Path) -> None:
    pytest.importorskip("model_signing", reason="the development extra has it")
    scene = released(tmp_path / "house")
    attest(scene.as_("olga"), VERSION)
    collected = collect(scene.as_("auditor"), Question(VERSION, "loans", "production"))
    newer = replace(collected, keys=(*collected.keys, key(Duty.ORDERS.value).key))
    (line,) = re.findall(r"<pre>(model_signing [^<]*)</pre>", tools(tell(newer, scene.house.verify)))
    with zipfile.ZipFile(io.BytesIO(scene.dossier())) as archive:
        archive.extractall(tmp_path / "dossier")
    scene.close()
    model = tmp_path / "dossier" / "FOLDER" / "model.skops"
    model.parent.mkdir()
    program, *words = line.split()

    def run(content: bytes) -> tuple[int, str]:
        model.write_bytes(content)
        command = [str(Path(sys.executable).with_name(program)), *words]
        done = subprocess.run(command, cwd=tmp_path / "dossier", capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    assert run(b"model") == (0, "Verification succeeded\n")
    code, told = run(b"model!")
    assert code == 1
    assert "mismatch" in told
