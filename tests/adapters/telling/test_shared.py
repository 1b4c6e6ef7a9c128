from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from muster.adapters.telling.pace import AGAIN_S, MOST
from muster.adapters.telling.shared import SharedPace
from muster.records.access.alert import Alert, Severity


def alert(what: str = "orders-replayed", about: str = "gateway:g") -> Alert:
    return Alert(what, Severity.CRITICAL, about, "words", datetime(2026, 11, 23, tzinfo=UTC))


def test_of_several_processes_one_tells_and_says_how_often_all_noticed(tmp_path: Path) -> None:
    one, other = SharedPace(tmp_path / "told"), SharedPace(tmp_path / "told")
    assert (one.take(alert(), 5.0), other.take(alert(), 6.0)) == ("", None)
    assert one.take(alert(), 7.0) is None
    assert other.take(alert(about="gateway:g/loans"), 7.0) == ""
    assert other.take(alert(), 5.0 + AGAIN_S) == " (noticed 2 more times since it was last told)"


def test_a_flood_is_counted_over_all_of_them(tmp_path: Path) -> None:
    told = [SharedPace(tmp_path / "told").take(alert("flood", f"a:{n}"), 1.0) for n in range(2 * MOST)]
    assert told.count("") == MOST
    later = SharedPace(tmp_path / "told").take(alert("flood", "a:x"), AGAIN_S + 2)
    assert later == f" ({MOST} more of its sort were not told: {MOST} an hour are)"


def test_without_its_file_each_goes_by_itself_and_nobody_is_silenced(tmp_path: Path) -> None:
    (tmp_path / "in the way").touch()
    pace = SharedPace(tmp_path / "in the way" / "told")
    assert (pace.take(alert(), 1.0), pace.take(alert(), 2.0)) == ("", None)
    (tmp_path / "told").write_bytes(b'[[["orders-re')
    assert SharedPace(tmp_path / "told").take(alert(), 1.0) == ""
