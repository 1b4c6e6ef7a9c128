from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from muster.adapters.keys import KeyFile
from muster.cli.main import run
from muster.records.trust import Algorithm

if TYPE_CHECKING:
    from tests.conftest import Founded


class _Command:
    """The command line on one house, as its admin."""

    def __init__(self, founded: Founded, capsys: pytest.CaptureFixture[str]) -> None:
        self._place = ["--home", str(founded.home), "--as", "admin"]
        self._capsys = capsys

    def __call__(self, *words: str) -> tuple[int, str, str]:
        code = run([*words, *self._place])
        said = self._capsys.readouterr()
        return code, said.out, said.err

    def root(self) -> dict[str, Any]:
        """Return the trust root in force."""
        current: dict[str, Any] = json.loads(self("trust", "show", "--json")[1])["current"]
        return current


@pytest.fixture
def command(founded: Founded, capsys: pytest.CaptureFixture[str]) -> _Command:
    return _Command(founded, capsys)


@pytest.fixture
def public(command: _Command, tmp_path: Path) -> Path:
    """What `muster key new --json` printed for a key of ana's."""
    path = tmp_path / "ana.json"
    path.write_text(command("key", "new", str(tmp_path / "ana.pem"), "--actor", "ana", "--json")[1])
    return path


def test_the_fingerprint_is_the_one_that_was_pinned(command: _Command, founded: Founded) -> None:
    assert command("trust", "fingerprint") == (0, founded.settings.root + "\n", "")


def test_an_approver_is_enrolled_by_the_next_trust_root(command: _Command, public: Path, tmp_path: Path) -> None:
    assert command("trust", "enrol", str(public), "--roles", "risk-analyst, validator")[0] == 0
    root = command.root()
    grant = root["grants"][-1]
    assert root["version"] == 2
    assert (grant["duty"], grant["actor"], grant["roles"]) == ("approver", "ana", ["risk-analyst", "validator"])
    assert grant["key"]["spki"] == KeyFile.load(tmp_path / "ana.pem").key.spki


def test_a_new_key_of_an_approver_takes_the_place_of_the_old(command: _Command, public: Path, tmp_path: Path) -> None:
    command("trust", "enrol", str(public), "--roles", "validator")
    public.write_text(command("key", "new", str(tmp_path / "new.pem"), "--actor", "ana", "--json")[1])
    command("trust", "enrol", str(public), "--roles", "validator")
    root = command.root()
    assert root["version"] == 3
    assert [g["key"]["spki"] for g in root["grants"] if g["actor"] == "ana"] == [
        KeyFile.load(tmp_path / "new.pem").key.spki
    ]


def test_another_key_than_the_root_may_not_sign(command: _Command, public: Path, tmp_path: Path) -> None:
    KeyFile.create(tmp_path / "other.pem", Algorithm.ECDSA_P256)
    words = ("trust", "enrol", str(public), "--roles", "validator", "--root-key", str(tmp_path / "other.pem"))
    code, _, said = command(*words)
    assert (code, said) == (1, f"refused: {tmp_path / 'other.pem'} is no root key: the trust root names others\n")
    assert command.root()["version"] == 1


@pytest.mark.parametrize(
    ("content", "words", "said"),
    [
        (None, [], "--roles: say for which roles 'ana' may sign"),
        ("{}", ["--roles", "validator"], "not a public key as `muster key new --json` prints it"),
        ("not json", ["--roles", "validator"], "not a public key"),
        (None, ["--roles", "king"], "king"),
    ],
)
def test_what_cannot_be_enrolled_changes_nothing(
    command: _Command, public: Path, content: str | None, words: list[str], said: str
) -> None:
    if content is not None:
        public.write_text(content)
    code, _, told = command("trust", "enrol", str(public), *words)
    assert code == 2
    assert said in told
    assert command.root()["version"] == 1
