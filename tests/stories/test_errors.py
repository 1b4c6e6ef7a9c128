"""What goes wrong is told with what, where and what next, at every door alike, and leaves nothing half-written."""

from __future__ import annotations

import json
import resource
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient

from muster.api.app import create_app
from muster.cli.main import run
from muster.lifecycle.desk.action import Upload
from muster.records.data import DataContract
from muster.wiring.documents import read_value
from muster.wiring.remote.client import Client

if TYPE_CHECKING:
    from tests.conftest import Founded

CONTRACT = """\
apiVersion: v3.1.0
kind: DataContract
id: people
version: "1"
status: active
schema:
  - name: people
    properties:
      - {name: age, logicalType: integer}
      - {name: income, logicalType: number}
      - {name: größe, logicalType: string}
"""

HEAD = "age,income,größe\n"

WRONG_TABLES = {
    "empty": ("", "empty.csv: the file is empty; upload a CSV file with a header, or Parquet"),
    "header": (HEAD, "header.csv: there are columns but no rows"),
    "semicolons": ("age;income;größe\n30;1.5;a\n", "semicolons.csv, line 1: one column 'age;income;größe'"),
    "quotes": (HEAD + '30,1.5,"a\n', "quotes.csv, line 2: a quotation mark without its partner; close or double it"),
    "twice": ("age,age,income,größe\n30,31,1,a\n", "twice.csv, line 1: column 'age' stands twice; rename one"),
    "latin": (b"age,income,gr\xf6\xdfe\n30,1,a\n", "not UTF-8 text; save the file as UTF-8, or upload Parquet"),
    "short": (HEAD + "30,1\n", "short.csv, row 2 (the header is row 1): 2 cells where the header has 3"),
    "word": (HEAD + "30,much,a\n", "the data breaks contract 'people': column 'income'"),
    "infinite": (HEAD + "30,1e999,a\n", "the data breaks contract 'people': column 'income'"),
    "missing": ("age,größe\n30,a\n", "the data breaks contract 'people': column 'income': missing"),
    "extra": ("age,income,größe,more\n30,1,a,2\n", "the data breaks contract 'people': column 'more'"),
}

WRONG_FILES = {
    "broken": (["dataset", "snapshot", "t.csv", "FILE", "t", "s", "l"], "a: [\nb: 1", "FILE, line 2: not YAML"),
    "empty": (["policy", "adopt", "FILE"], "", "FILE: the file is empty; it should hold a policy"),
    "another": (["policy", "adopt", "FILE"], CONTRACT, "FILE, line 1: missing"),
    "a list": (["library", "adopt", "FILE"], "- a\n", "FILE, line 1: expected an object, got list"),
    "a table": (["use-case", "register", "FILE"], b"PAR1\xff\xfe", "FILE: not UTF-8 text (byte 4)"),
    "none": (
        ["use-case", "register", "nowhere.yaml"],
        "",
        "nowhere.yaml: No such file or directory; is the name right",
    ),
    "a folder": (["use-case", "register", "."], "", ".: Is a directory; name a file in it"),
}


def _left(home: Path) -> tuple[int, list[str]]:
    """Return what would show that something was done: the number of entries, and every file that is no database's."""
    entries = json.loads((home / "seen" / "ledger.checkpoint.latest").read_text().splitlines()[1])
    files = [path for path in home.rglob("*") if path.is_file() and "sqlite" not in path.name]
    return entries, sorted(str(path.relative_to(home)) for path in files)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of one's own to work in, with a space and an umlaut in its name."""
    folder = tmp_path / "my größe"
    folder.mkdir()
    monkeypatch.chdir(folder)
    (folder / "contract.yaml").write_text(CONTRACT)
    (folder / "t.csv").write_text(HEAD + "30,1.5,a\n")
    return folder


@pytest.fixture(scope="module")
def remote(standing: Founded) -> Iterator[Client]:
    with TestClient(create_app(standing.open())) as client:
        yield Client("http://127.0.0.1:8400", standing.tokens["max"], client._transport)


@pytest.mark.parametrize("name", WRONG_TABLES)
def test_a_wrong_table_is_told_alike_at_the_doors_and_nothing_is_kept(
    name: str, standing: Founded, remote: Client, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content, said = WRONG_TABLES[name]
    written = content if isinstance(content, bytes) else content.encode()
    (here / f"{name}.csv").write_bytes(written)
    before = _left(standing.home)
    words = ["dataset", "snapshot", f"{name}.csv", "contract.yaml", "t", "here", "none"]
    assert run([*words, "--home", str(standing.home), "--as", "max"]) == 2
    told = capsys.readouterr().err.splitlines()[-1]
    assert said in told
    asked = {
        "table": Upload(f"{name}.csv", written),
        "contract": read_value(DataContract, CONTRACT, "contract.yaml"),
        "name": "t",
        "source": "here",
        "licence": "none",
    }
    with pytest.raises(ValueError) as there:
        remote.call("dataset snapshot", asked, lambda _: None)
    assert told == f"error: {there.value}"
    assert _left(standing.home) == before


def test_a_table_may_have_a_mark_of_byte_order_quotes_and_letters_of_any_language(
    founded: Founded, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "größe 日本.csv").write_text('\ufeffage,income,größe\n30,,"a, ""b"""\n40,NaN,日本\n', encoding="utf-8")
    words = ["dataset", "snapshot", "größe 日本.csv", "contract.yaml", "größe", "hier", "keine", "--json"]
    assert run([*words, "--home", str(founded.home), "--as", "max"]) == 0
    assert json.loads(capsys.readouterr().out)["rows"] == 2


@pytest.mark.parametrize("name", WRONG_FILES)
def test_a_wrong_file_is_named_with_its_line_and_nothing_is_kept(
    name: str, standing: Founded, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words, content, said = WRONG_FILES[name]
    file = here / f"{name}.yaml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    typed = [word.replace("FILE", file.name) for word in words]
    before = _left(standing.home)
    assert run([*typed, "--home", str(standing.home), "--as", "max"]) == 2
    assert f"error: {said.replace('FILE', file.name)}" in capsys.readouterr().err
    assert _left(standing.home) == before


def _without(name: str) -> Callable[[Path], None]:
    return lambda home: (home / name).unlink()


def _holding(name: str, content: str) -> Callable[[Path], Any]:
    return lambda home: (home / name).write_text(content)


DAMAGE: dict[str, tuple[Callable[[Path], Any], str]] = {
    "no ledger": (_without("ledger.sqlite"), "ledger.sqlite is gone, and it had"),
    "a ledger of nothing": (_holding("ledger.sqlite", ""), "an old copy of the database was restored"),
    "a ledger of noise": (_holding("ledger.sqlite", "noise" * 999), "not a muster ledger, or damaged"),
    "no ledger key": (_without("keys/ledger.pem"), "the ledger key is not here"),
    "a key of noise": (_holding("keys/ledger.pem", "noise"), "no readable private key in PEM"),
    "a memory of noise": (_holding("seen/ledger.checkpoint", "noise"), "compare the ledger with a checkpoint"),
    "no settings": (_without("muster.toml"), "make one with `muster init`"),
    "settings of noise": (_holding("muster.toml", "origin = \n"), "muster.toml: not TOML"),
    "an unknown setting": (_holding("muster.toml", "colour = 'x'\n"), "line 1: colour is no setting of this file"),
    "a setting of the wrong type": (_holding("muster.toml", "port = 'x'\n"), "line 1: port: expected a whole number"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_house_says_what_is_wrong_and_is_not_made_worse(
    name: str, founded: Founded, capsys: pytest.CaptureFixture[str]
) -> None:
    damage, said = DAMAGE[name]
    for side in founded.home.glob("ledger.sqlite-*"):
        side.unlink()
    damage(founded.home)
    before = {path: path.read_bytes() for path in founded.home.rglob("*") if path.is_file()}
    for words in (["actor", "list"], ["actor", "add", "eve", "--roles", "owner"]):
        assert run([*words, "--home", str(founded.home), "--as", "admin"]) == 2
        told = capsys.readouterr().err
        assert said in told
        assert "Traceback" not in told
    # What had content has it still; an empty file may have become an empty database.
    assert all(path.read_bytes() == content for path, content in before.items() if content)


@pytest.fixture
def full() -> Iterator[None]:
    """No file may grow beyond 100,000 bytes, as on a disk that is nearly full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.usefixtures("full")
def test_a_disk_without_room_keeps_nothing_of_a_dataset(
    founded: Founded, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
    rows = "".join(f"{place % 99},{place * 1.37},name {place * 7919}\n" for place in range(20_000))
    (here / "many.csv").write_text(HEAD + rows)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
    before = _left(founded.home)
    words = ["dataset", "snapshot", "many.csv", "contract.yaml", "t", "here", "none"]
    assert run([*words, "--home", str(founded.home), "--as", "max"]) == 2
    assert "File too large" in capsys.readouterr().err
    assert _left(founded.home) == before
    assert run(["ledger", "verify", "--home", str(founded.home), "--as", "max"]) == 0


def test_a_house_is_founded_whole_or_not_at_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("in the way")
    for words, said in (
        (["--home", str(tmp_path / "file")], "exists and is not empty: nothing was touched"),
        (["--home", str(tmp_path / "file" / "house")], "file"),
        (["--home", str(tmp_path / "h"), "--origin", "a b"], "a ledger's name has no spaces"),
        (["--home", str(tmp_path / "h"), "--admin", "Ä"], "actor id 'Ä': use the letters a to z"),
    ):
        assert run(["init", *words]) == 2
        assert said in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
