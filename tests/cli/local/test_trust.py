from __future__ import annotations

import base64
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
        self.place = ["--home", str(founded.home), "--as"]
        self._capsys = capsys

    def __call__(self, *words: str, who: str = "admin") -> tuple[int, str, str]:
        code = run([*words, *self.place, who])
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
    return made(command, tmp_path / "ana.pem")


def made(command: _Command, key: Path) -> Path:
    """Make a key for ana, hand it in as her, and return the file with its public half."""
    path = key.with_suffix(".json")
    path.write_text(command("key", "new", str(key), "--actor", "ana", "--json")[1])
    assert command("key", "offer", str(key), who="ana")[0] == 0
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
    again = made(command, tmp_path / "new.pem")
    command("trust", "enrol", str(again), "--roles", "validator")
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
        ("{}", ["--roles", "validator"], "not a public key as `muster key show --json` prints it"),
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


def test_the_root_key_may_stay_away_from_the_control_plane(
    command: _Command, public: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home, pinned = Path(command.place[1]), command("trust", "fingerprint")[1].strip()
    (tmp_path / "chain.json").write_text(command("trust", "show", "--json")[1])
    (home / "keys" / "root.pem").rename(tmp_path / "root.pem")
    words = ["trust", "enrol", str(public), "--roles", "validator", "--root-key", str(tmp_path / "root.pem")]
    away = ["--home", str(tmp_path / "nowhere"), "--chain", str(tmp_path / "chain.json"), "--root", pinned]
    assert run([*words, *away, "--into", str(tmp_path / "next.json")]) == 0
    assert "written: " in capsys.readouterr().out
    assert command.root()["version"] == 1
    assert command("trust", "publish", str(tmp_path / "next.json"))[0] == 0
    assert command.root()["grants"][-1]["actor"] == "ana"


def test_nothing_is_signed_on_top_of_a_forged_root(command: _Command, public: Path, tmp_path: Path) -> None:
    chain = json.loads(command("trust", "show", "--json")[1])
    envelope = json.loads(chain["documents"][0])
    content = json.loads(base64.b64decode(envelope["payload"]))
    content["threshold"] = 1
    content["grants"].append({**content["grants"][0], "duty": "approver", "actor": "eve", "roles": ["validator"]})
    envelope["payload"] = base64.b64encode(json.dumps(content).encode()).decode()
    (tmp_path / "chain.json").write_text(json.dumps({**chain, "documents": [json.dumps(envelope)]}))
    into = tmp_path / "next.json"
    words = ("--roles", "validator", "--chain", str(tmp_path / "chain.json"), "--into", str(into))
    code, _, said = command("trust", "enrol", str(public), *words)
    assert code == 1, said
    assert said.startswith("refused: ")
    assert not into.exists()


def test_what_a_control_plane_says_is_in_force_is_not_believed(command: _Command, public: Path, tmp_path: Path) -> None:
    chain = json.loads(command("trust", "show", "--json")[1])
    chain["current"]["grants"].append({"duty": "approver", "key": {}, "actor": "eve", "roles": ["validator"]})
    (tmp_path / "chain.json").write_text(json.dumps(chain))
    words = ("--roles", "validator", "--chain", str(tmp_path / "chain.json"))
    assert command("trust", "enrol", str(public), *words)[0] == 0
    assert [grant["actor"] for grant in command.root()["grants"] if grant["duty"] == "approver"] == ["ana"]


def test_the_root_must_be_known_by_another_way(
    public: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["trust", "enrol", str(public), "--roles", "validator", "--home", str(tmp_path / "nowhere")]
    assert run(words) == 2
    assert "--root: say the fingerprint of the trust root" in capsys.readouterr().err


@pytest.mark.parametrize("content", ["not json", "{}", "[]"])
def test_what_is_no_chain_is_told(command: _Command, public: Path, tmp_path: Path, content: str) -> None:
    (tmp_path / "chain.json").write_text(content)
    words = ("--roles", "validator", "--chain", str(tmp_path / "chain.json"))
    code, _, said = command("trust", "enrol", str(public), *words)
    assert code == 2
    assert "not a chain of trust roots" in said


def test_a_signed_root_that_could_not_be_put_out_is_kept(command: _Command, founded: Founded, public: Path) -> None:
    chain = public.with_name("chain.json")
    chain.write_text(command("trust", "show", "--json")[1])
    (first,) = founded.home.rglob("trust-root/1.json")
    in_the_way = first.with_name("2.json")
    in_the_way.mkdir()
    code, _, said = command("trust", "enrol", str(public), "--roles", "validator", "--chain", str(chain))
    kept = public.with_name("trust-root-2.json")
    assert code == 2
    assert f"the signed document is kept: muster trust publish {kept}" in said
    in_the_way.rmdir()
    assert command("trust", "publish", str(kept))[0] == 0
    assert command.root()["version"] == 2


def test_nothing_is_kept_of_a_root_that_was_published_or_refused(command: _Command, public: Path) -> None:
    chain = public.with_name("chain.json")
    chain.write_text(command("trust", "show", "--json")[1])
    words = ("trust", "enrol", str(public), "--roles", "validator", "--chain", str(chain))
    assert command(*words)[0] == 0
    assert command(*words)[0] == 1
    assert list(public.parent.glob("trust-root-*")) == []


def test_what_was_handed_in_is_enrolled_by_a_second_person(command: _Command, public: Path) -> None:
    mine = json.loads(public.read_text())["id"]
    code, said, _ = command(
        "trust", "enrol", "--offer", "ana", "--roles", "risk-analyst", "--use-cases", "cards, loans"
    )
    assert code == 0
    assert f"key of ana: {mine}" in said
    grant = command.root()["grants"][-1]
    assert (grant["actor"], grant["use_cases"]) == ("ana", ["cards", "loans"])
    assert command("trust", "enrol", "--offer", "ana", "--roles", "risk-analyst")[2].startswith(
        "error: ana has handed in no key that waits to be granted"
    )
    assert list(Path.cwd().glob("trust-root-*")) == []


def test_one_of_the_two_is_said(command: _Command, public: Path) -> None:
    for words in ([], [str(public), "--offer", "ana"]):
        code, _, said = command("trust", "enrol", *words, "--roles", "validator")
        assert (code, "say whose key: FILE, or --offer ACTOR" in said) == (2, True)


def test_a_key_that_nobody_handed_in_is_not_granted(command: _Command, tmp_path: Path) -> None:
    public = tmp_path / "ana.json"
    public.write_text(command("key", "new", str(tmp_path / "ana.pem"), "--actor", "ana", "--json")[1])
    code, _, said = command("trust", "enrol", str(public), "--roles", "validator")
    assert code == 1
    assert "ana has not handed in key" in said
    assert command.root()["version"] == 1
