"""Each attack on a real database file, by somebody who holds the ledger's key, and what an auditor sees of it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from tests.conftest import Founded

from muster.cli.main import run
from muster.records.trust import Duty
from muster.rules.merkle import Tree, leaf_hash
from muster.rules.note import Checkpoint, sign_checkpoint
from muster.settings import read_settings
from muster.wiring.control import close_house, signer_of

ORIGIN = "test.example/house"


class Keeper:
    """Whoever keeps the ledger, with all its keys, and an anchor beyond their reach."""

    def __init__(self, founded: Founded, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home, self._capsys = founded.home, capsys
        self.anchors = folder / "anchors.txt"
        with (self.home / "muster.toml").open("a") as file:
            file.write(f'anchors = ["file:{self.anchors}"]\n')

    def run(self, *words: str, who: str = "admin") -> tuple[int, str]:
        code = run([*words, "--home", str(self.home), "--as", who])
        said = self._capsys.readouterr()
        return code, said.out + said.err

    def copy(self, folder: Path) -> None:
        """Copy the database, and what this installation remembers of it."""
        for name in ("ledger.sqlite", "seen"):
            source = self.home / name
            shutil.copytree(source, folder / name) if source.is_dir() else shutil.copy(source, folder / name)

    def restore(self, folder: Path) -> None:
        for path in self.home.glob("ledger.sqlite*"):
            path.unlink()
        shutil.rmtree(self.home / "seen")
        shutil.copy(folder / "ledger.sqlite", self.home)
        shutil.copytree(folder / "seen", self.home / "seen")

    def rewrite(self, change: Callable[[int, bytes], bytes], keep: int | None = None) -> None:
        """Rewrite entries, all hashes and all checkpoints with the stolen key, and forget what was seen."""
        pen = signer_of(read_settings({"home": self.home}, {}), Duty.LEDGER)
        with closing(sqlite3.connect(self.home / "ledger.sqlite")) as database, database:
            rows = [raw for (raw,) in database.execute("SELECT entry FROM ledger ORDER BY seq")][:keep]
            sizes = [size for (size,) in database.execute("SELECT size FROM checkpoint ORDER BY size")]
            tree = Tree()
            for seq, raw in enumerate(rows):
                tree.append(leaf_hash(change(seq, raw)))
                values = (change(seq, raw), leaf_hash(change(seq, raw)), seq)
                database.execute("UPDATE ledger SET entry = ?, leaf = ? WHERE seq = ?", values)
            database.execute("DELETE FROM ledger WHERE seq >= ?", (len(rows),))
            database.execute("DELETE FROM checkpoint")
            for size in sorted({*(size for size in sizes if size <= len(rows)), len(rows)}):
                note = sign_checkpoint(Checkpoint(ORIGIN, size, tree.root(size)), pen.key, pen.sign)
                database.execute("INSERT INTO checkpoint(size, note) VALUES (?, ?)", (size, note))
        shutil.rmtree(self.home / "seen")


@pytest.fixture
def keeper(founded: Founded, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Keeper:
    for house in founded.opened:
        close_house(house)
    made = Keeper(founded, tmp_path, capsys)
    assert made.run("ledger", "anchor")[0] == 0
    return made


def audited(keeper: Keeper) -> tuple[int, str]:
    return keeper.run("ledger", "verify", "--since", str(keeper.anchors))


def test_an_honest_ledger_continues_every_anchor(keeper: Keeper) -> None:
    keeper.run("actor", "add", "nina", "--roles", "auditor")
    keeper.run("ledger", "anchor")
    code, said = audited(keeper)
    assert (code, said.count("continue them")) == (0, 2), said
    assert "cosigned by no witness of the trust root" in said


def test_entries_that_were_rewritten_with_all_hashes_and_signatures_verify_and_are_found(keeper: Keeper) -> None:
    keeper.rewrite(lambda _, raw: raw.replace(b'"at":"20', b'"at":"19', 1))
    code, said = keeper.run("ledger", "verify")
    assert code == 0, said  # by itself it looks sound: that is what anchors are for
    code, said = audited(keeper)
    assert (code, "rewritten: the ledger of today" in said) == (1, True), said


def test_a_fork_of_the_same_length_or_longer_is_found(keeper: Keeper, tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    keeper.copy(tmp_path / "copy")
    keeper.run("actor", "add", "nina", "--roles", "auditor")
    keeper.run("ledger", "anchor")
    keeper.restore(tmp_path / "copy")
    keeper.run("actor", "add", "otto", "--roles", "auditor")
    keeper.run("actor", "add", "paul", "--roles", "auditor")
    code, said = audited(keeper)
    assert (code, "or it is a fork" in said) == (1, True), said


def test_a_tail_that_was_cut_off_is_found(keeper: Keeper) -> None:
    keeper.run("actor", "add", "nina", "--roles", "auditor")
    keeper.run("ledger", "anchor")
    keeper.rewrite(lambda _, raw: raw, keep=12)
    code, said = audited(keeper)
    assert (code, "cut off: the ledger has 12 entries" in said) == (1, True), said


def test_an_old_copy_that_was_restored_is_found(keeper: Keeper, tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    keeper.copy(tmp_path / "copy")
    keeper.run("actor", "add", "nina", "--roles", "auditor")
    keeper.run("ledger", "anchor")
    keeper.restore(tmp_path / "copy")
    code, said = audited(keeper)
    assert (code, "an old copy was restored" in said) == (1, True), said


def test_checkpoints_that_the_keeper_did_not_sign_tell_nothing(keeper: Keeper, tmp_path: Path) -> None:
    keeper.anchors.write_text("nonsense")
    assert audited(keeper)[0] == 2
    keeper.anchors.unlink()
    assert audited(keeper)[0] == 2
    code, said = keeper.run("ledger", "verify", "--since", str(tmp_path / "x"), "--root", "sha256:0")
    assert code == 2, said
