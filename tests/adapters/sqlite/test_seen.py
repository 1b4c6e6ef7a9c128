from pathlib import Path

import pytest

from muster.adapters.sqlite.seen import Seen, replace


def note(size: int) -> str:
    return f"here\n{size}\nroot\n\n"


def test_the_larger_checkpoint_stays_whoever_writes_last(tmp_path: Path) -> None:
    ahead, behind = Seen(tmp_path / "deep" / "seen"), Seen(tmp_path / "deep" / "seen")
    assert ahead.notes == (None, None)
    ahead.keep(note(12), durable=True)
    behind.keep(note(10), durable=True)
    assert ahead.notes == behind.notes == (note(12), note(12))


def test_the_latest_file_follows_every_commit(tmp_path: Path) -> None:
    seen = Seen(tmp_path / "seen")
    for size in (1, 2, 30):
        seen.keep(note(size))
        assert seen.notes[1] == note(size)
    seen.keep(note(31), durable=True)
    assert seen.notes == (note(31), note(31))
    assert sorted(file.name for file in tmp_path.iterdir()) == ["seen", "seen.latest"]


def test_what_is_no_checkpoint_gives_way(tmp_path: Path) -> None:
    for content in ("", "x", "x\n\u0667\n", "x\nmany\n", "x" * 5000):
        for name in ("seen", "seen.latest"):
            (tmp_path / name).write_text(content, encoding="utf-8")
        Seen(tmp_path / "seen").keep(note(1), durable=True)
        assert Seen(tmp_path / "seen").notes == (note(1), note(1))


@pytest.mark.parametrize("durable", [False, True])
def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path, durable: bool) -> None:
    path = tmp_path / "file"
    replace(path, b"old", durable=durable)
    replace(path, b"new", durable=durable)
    assert path.read_bytes() == b"new"
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "inside").touch()
    with pytest.raises(OSError, match="folder"):
        replace(tmp_path / "folder", b"new", durable=durable)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["file", "folder"], "no draft is left behind"
