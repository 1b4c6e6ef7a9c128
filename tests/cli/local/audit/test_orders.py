from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.stories.attacker import Attacker
from tests.walk import Walked

from muster.cli.main import run


def verified(walked: Walked, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    walked.close()
    code = run(["orders", "verify", *words, "--home", str(walked.home)])
    said = capsys.readouterr()
    return code, said.out + said.err


def test_orders_are_verified_step_by_step_and_nothing_is_written(
    walked: Walked, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    walked.do("omar", "orders issue")
    walked.close()
    outbox = tmp_path / "copied"
    shutil.copytree(walked.home / "outbox", outbox)
    before = sorted(path.relative_to(outbox) for path in outbox.rglob("*"))
    code, said = verified(walked, capsys, "--outbox", str(outbox), "--root", walked.fingerprint)
    assert code == 0, said
    for step in (
        "trust root version",
        "orders 2 for group default: signed",
        "demands met or waived",
        "guards prohibited",
    ):
        assert step in said, step
    assert sorted(path.relative_to(outbox) for path in outbox.rglob("*")) == before


def test_orders_in_a_file_are_verified_against_the_outbox(
    walked: Walked, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "orders.json"
    file.write_text(Attacker(walked).read_orders())
    assert verified(walked, capsys, str(file))[0] == 0
    file.write_text("defaced")
    code, said = verified(walked, capsys, str(file))
    assert (code, "cannot be read" in said) == (1, True)


def test_what_a_gateway_would_not_follow_is_refused_in_words(
    walked: Walked, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = verified(walked, capsys, "--root", "sha256:" + "0" * 64)
    assert (code, "wrong or forged root" in said) == (1, True)
    code, said = verified(walked, capsys, "--group", "canary")
    assert (code, "no orders for gateway group 'canary'" in said) == (2, True)
    Attacker(walked).flip(Attacker(walked).blob(walked.served))
    code, said = verified(walked, capsys)
    assert (code, "REFUSED credit: blob" in said, "was altered" in said) == (1, True, True)
    walked.close()
    (walked.home / "muster.toml").write_text('origin = "test.example/house"\n')
    code, said = verified(walked, capsys)
    assert (code, "--root" in said) == (2, True)
