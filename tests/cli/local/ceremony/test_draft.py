from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from muster.cli.main import run
from muster.rules.ceremony.paper import read_paper

if TYPE_CHECKING:
    from tests.conftest import Founded

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(standing: Founded, capsys: pytest.CaptureFixture[str]) -> Command:
    def typed(*words: str) -> tuple[int, str, str]:
        code = run([*words, "--home", str(standing.home), "--as", "admin"])
        said = capsys.readouterr()
        return code, said.out, said.err

    return typed


@pytest.fixture
def release(command: Command, tmp_path: Path) -> Path:
    path = tmp_path / "release.json"
    path.write_text(command("key", "new", str(tmp_path / "release.pem"), "--duty", "release", "--json")[1])
    return path


def test_a_draft_says_in_words_what_it_changes_and_changes_nothing(
    command: Command, release: Path, tmp_path: Path
) -> None:
    into = tmp_path / "next.json"
    code, said, _ = command("trust", "draft", "--replace", str(release), "--days", "90", "--into", str(into))
    assert code == 0
    assert "version 1 becomes version 2" in said
    assert f"+ release key {json.loads(release.read_text())['id']}" in said
    assert f"muster trust sign {into} --key KEY" in said
    paper = read_paper(into.read_text())
    assert paper.envelope.signatures == ()
    assert "\n".join(paper.words) in said
    assert json.loads(command("trust", "show", "--json")[1])["current"]["version"] == 1


def test_who_must_sign_policies_is_drafted(command: Command, tmp_path: Path) -> None:
    into = tmp_path / "next.json"
    code, said, _ = command("trust", "draft", "--policy-signers", "risk-analyst=2", "--into", str(into))
    assert code == 0
    assert "who must sign a policy: nobody before, 2 risk-analyst after" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "nothing to draft: say what shall change"),
        (["--renew", "--days", "0"], "a trust root is good for 1 to 3650 days, not 0"),
        (["--withdraw", "0123456789abcdef"], "the trust root names no such key"),
        (["--threshold", "2"], "threshold 2 of 1 root keys"),
        (["--offer", "ana", "--roles", "risk-analyst"], "ana has handed in no key that waits to be granted"),
        (["--policy-signers", "clerk=2"], "write ROLE=NUMBER, with one of risk-analyst"),
        (["--policy-signers", "owner=99"], "99 of role 'owner' cannot sign a policy"),
        (["--renew", "--root", "sha256:" + "0" * 64], "wrong or forged root"),
    ],
)
def test_what_cannot_be_drafted_leaves_no_file(command: Command, tmp_path: Path, words: list[str], said: str) -> None:
    into = tmp_path / "next.json"
    code, _, told = command("trust", "draft", "--into", str(into), *words)
    assert code in (1, 2)
    assert said in told
    assert not into.exists()


def test_a_draft_takes_the_place_of_no_file(command: Command, tmp_path: Path) -> None:
    into = tmp_path / "next.json"
    into.write_text("mine")
    assert command("trust", "draft", "--renew", "--into", str(into))[0] == 2
    assert into.read_text() == "mine"
