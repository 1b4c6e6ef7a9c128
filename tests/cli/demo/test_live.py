import re
import subprocess
import sys

import pytest
from tests.cli.demo.conftest import Played

from muster.verifier.join import joined

pytestmark = pytest.mark.timeout(600)


def test_a_flipped_bit_is_refused_and_the_true_file_serves(played: Played) -> None:
    said = played.between("An attacker changes one bit", "omar$ muster serve --root")
    assert "REFUSED" in said
    assert "altered" in said
    assert re.search(r"9,000 held-out applications are sent", played.output)
    assert re.search(r"\d,\d{3} approved \(\d\d\.\d%\)", played.output)


def test_the_window_is_measured_from_the_log_and_the_outcomes(played: Played) -> None:
    said = played.between("7. A month later", "8. A regulator")
    assert "9,000 decisions of the inference log" in said
    assert re.search(r"│auc +│ +│ 0\.\d{3} +│ 0\.\d{3} to 0\.\d{3} +│ 9,000", said)
    assert "impact_ratio" in said
    assert "psi" in said


def test_the_dossier_verifies_offline_and_a_changed_one_does_not(played: Played) -> None:
    assert "verified offline" in played.output
    root = re.search(r"--root (sha256:[0-9a-f]{64})", played.between("Where to look next:", "\0"))
    assert root
    content = (played.home / "dossier.zip").read_bytes()
    verifier = played.folder / "verify.py"
    verifier.write_text(joined(), encoding="utf-8")
    for flipped, code in ((None, 0), (len(content) // 2, 1)):
        copy = played.folder / f"dossier-{code}.zip"
        changed = bytearray(content)
        if flipped is not None:
            changed[flipped] ^= 1
        copy.write_bytes(changed)
        words = [sys.executable, "-I", str(verifier), str(copy), "--root", root[1]]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stdout + done.stderr
