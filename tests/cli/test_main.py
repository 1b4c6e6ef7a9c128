from __future__ import annotations

import errno
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import typer

from muster.cli.local.listing import LOCAL
from muster.cli.main import HEADINGS, NOUNS, build, main, run
from muster.cli.session import Session
from muster.lifecycle.catalogue import CATALOGUE

if TYPE_CHECKING:
    from tests.conftest import Founded

HEAVY = (
    "mlflow pandas sklearn scipy numpy pyarrow fastapi onnxruntime cryptography pydantic httpx2 yaml sqlite3 obstore"
)


def test_help_is_light(tmp_path: Path) -> None:
    script = (
        "import sys, contextlib, io; from muster.cli.main import run\n"
        "with contextlib.redirect_stdout(io.StringIO()): code = run(['--help'])\n"
        f"print(code, sorted(set({HEAVY!r}.split()) & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert ran.stdout == "0 []\n"


def test_help_lists_every_noun_and_every_local_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    shown = capsys.readouterr().out
    words = {name.partition(" ")[0] for name in [*CATALOGUE, *LOCAL]}
    assert all(re.search(rf"\b{word}\b", shown) for word in words)


def test_every_noun_is_described() -> None:
    assert {noun for name in CATALOGUE if (noun := name.rpartition(" ")[0])} <= set(NOUNS)


def test_help_has_headings_in_the_order_in_which_people_need_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    shown = capsys.readouterr().out
    places = [shown.index(f" {heading} ") for heading in HEADINGS.values()]
    assert places == sorted(places)
    assert " Commands " not in shown
    assert shown.index(" init ") < shown.index(" up ") < shown.index(" demo-code ") < shown.index(" use-case ")


def test_an_option_before_the_command_is_sent_after_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--home", "somewhere", "use-case", "list"]) == 2
    assert "go after the command: muster COMMAND --home" in capsys.readouterr().err


def test_only_the_group_that_was_typed_is_filled() -> None:
    filled = {group.name for group in build(["--x", "actor", "add"]).registered_groups if _commands_in(group)}
    assert filled == {"actor"}
    assert len([group for group in build().registered_groups if _commands_in(group)]) == len(
        {name.partition(" ")[0] for name in [*CATALOGUE, *LOCAL] if " " in name}
    )


def _commands_in(group: object) -> list[object]:
    return group.typer_instance.registered_commands  # type: ignore[attr-defined, no-any-return]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["ledger", "show", "--as", "ana"], 0, ""),
        (["actor", "add", "x", "--roles", "owner", "--as", "ana"], 1, "refused: 'actor add' needs the role admin"),
        (["actor", "add", "x", "--roles", "king", "--as", "admin"], 2, "error: actor add: roles[0]: 'king' is none of"),
        (["ledger", "prove", "99", "--as", "ana"], 2, "error: no entry 99"),
        (["ledger", "prove", "--as", "ana"], 2, "Missing argument"),
        (["ledger", "show"], 2, "error: who is asking?"),
        (["ledger", "show", "--as", "eve"], 1, "refused: no actor 'eve' is known here"),
        (["ledgr"], 2, "No such command 'ledgr'"),
        (["ledger", "show", "--as", "ana", "--url", "http://127.0.0.1:1"], 2, "error: --as is for local mode"),
    ],
)
def test_exit_codes_and_words(
    founded: Founded, capsys: pytest.CaptureFixture[str], words: list[str], code: int, said: str
) -> None:
    place = ["--home", str(founded.home)] if words[-1] != "ledgr" else []
    assert run([*words, *place]) == code
    assert said in capsys.readouterr().err


def test_a_missing_file_is_named(founded: Founded, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["use-case", "register", "nowhere.yaml", "--as", "ana", "--home", str(founded.home)]
    assert run(words) == 2
    assert capsys.readouterr().err == (
        "error: nowhere.yaml: No such file or directory; is the name right, seen from this folder?\n"
    )


def test_no_traceback_unless_it_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["ledger", "show", "--home", str(tmp_path), "--as", "ana"]
    assert run(words) == 2
    assert "Traceback" not in capsys.readouterr().err
    monkeypatch.setenv("MUSTER_DEBUG", "1")
    assert run(words) == 2
    assert "Traceback" in capsys.readouterr().err


def test_main_leaves_with_the_code() -> None:
    with pytest.raises(SystemExit) as left:
        main(["nothing"])
    assert left.value.code == 2


def test_a_reader_that_goes_away_is_no_error(founded: Founded) -> None:
    command = f"{sys.executable} -m muster.cli.main ledger show --json --as ana --home {founded.home} | true"
    environment = {"PATH": os.environ["PATH"]}
    ran = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False, env=environment)
    assert ran.stderr == ""


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert re.fullmatch(r"muster \d+\.\d+\.\d+\S*\n", capsys.readouterr().out)


def test_nothing_typed_is_a_call_for_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([]) == 0
    assert "Usage" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "a.zip"), "a.zip: No space left on device; free some space"),
        (OSError(errno.EROFS, os.strerror(errno.EROFS), "a"), "a: Read-only file system; choose a folder"),
        (PermissionError(errno.EACCES, os.strerror(errno.EACCES), "a"), "error: a: Permission denied; check who may"),
        (OSError(errno.ENOSPC, "blob x: full; free some space"), "error: blob x: full; free some space\n"),
        (ValueError("dataset '\x1b[2J' is gone"), "error: dataset '\ufffd[2J' is gone\n"),
        (typer.Abort(), "interrupted"),
        (KeyboardInterrupt(), "interrupted"),
    ],
)
def test_what_the_system_says_comes_with_a_next_step(
    error: BaseException, said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Session) -> int:
        raise error

    monkeypatch.setitem(LOCAL, "demo", replace(LOCAL["demo"], function=fail))
    assert run(["demo"]) == (130 if said == "interrupted" else 2)
    assert said in capsys.readouterr().err
