from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from tests.adapters.names.made import NAMES, TAKEN, made

from muster.adapters.names.asked import FILE, Answers, AskedList
from muster.columns.packages.listed import Answer, Listed
from muster.columns.packages.names import NameList, Status
from muster.records.language.packages import Ecosystem

NOW = TAKEN + timedelta(days=40)
FRESH = Answer("fresh", NOW, Listed("fresh", None, date(2026, 12, 30)))
ABSENT = Answer("absent", NOW, None)
HELD = Answer("numpy", NOW, Listed("numpy", status=Status.QUARANTINED))


def test_answers_count_for_a_day_and_for_the_index_that_gave_them(tmp_path: Path) -> None:
    answers = Answers(tmp_path / "pypi", "sha256:one")
    assert answers.fresh(NOW) == {}
    answers.keep([FRESH, ABSENT], NOW)
    answers.keep([HELD._replace(asked_at=NOW + timedelta(hours=20))], NOW + timedelta(hours=20))
    assert answers.fresh(NOW + timedelta(hours=21)).keys() == {"fresh", "absent", "numpy"}
    assert answers.fresh(NOW + timedelta(hours=25)).keys() == {"numpy"}
    assert answers.fresh(NOW)["fresh"] == FRESH
    assert answers.fresh(NOW)["absent"] == ABSENT
    assert Answers(tmp_path / "pypi", "sha256:other").fresh(NOW) == {}


@pytest.mark.parametrize("content", ["", "[]", '{"index": "sha256:one", "answers": {"a": {"asked_at": "x"}}}', "\xff"])
def test_a_file_that_cannot_be_read_is_as_if_nobody_had_asked(tmp_path: Path, content: str) -> None:
    answers = Answers(tmp_path, "sha256:one")
    (tmp_path / FILE).write_bytes(content.encode("latin-1"))
    assert answers.fresh(NOW) == {}
    answers.keep([FRESH], NOW)
    assert answers.fresh(NOW) == {"fresh": FRESH}


def test_answers_are_laid_over_a_list(tmp_path: Path) -> None:
    under = made(tmp_path, NAMES)
    asked: NameList = AskedList(Ecosystem.PYPI, under, {each.name: each for each in (FRESH, ABSENT, HELD)}, every=True)
    assert [name in asked for name in ("requests", "fresh", "absent")] == [True, True, False]
    assert asked.status("numpy") is Status.QUARANTINED
    assert asked.status("gone") is Status.REMOVED
    assert asked.first_upload("fresh") == datetime(2026, 12, 30, tzinfo=UTC)
    assert asked.first_upload("requests") == datetime(2011, 2, 14, tzinfo=UTC)
    assert (asked.rank("numpy"), asked.licence("numpy")) == (2, "BSD-3-Clause")
    assert list(asked.near("reqests", 1, 10)) == ["requests"]
    assert (asked.complete, asked.taken_at) == (True, NOW)
    assert asked.digest not in (under.digest, AskedList(Ecosystem.PYPI, under, {}, every=True).digest)


def test_as_long_as_not_every_name_was_asked_for_it_is_as_complete_and_old_as_the_list(tmp_path: Path) -> None:
    under = made(tmp_path, NAMES)
    asked = AskedList(Ecosystem.PYPI, under, {"fresh": FRESH}, every=False)
    assert (asked.complete, asked.taken_at) == (True, TAKEN)
    alone = AskedList(Ecosystem.CONDA, None, {"fresh": FRESH}, every=False)
    assert (alone.complete, alone.taken_at, "fresh" in alone, "numpy" in alone) == (False, NOW, True, False)
    assert (alone.rank("fresh"), alone.licence("fresh"), list(alone.near("fresh", 1, 9))) == (None, "", [])
    assert (alone.status("none"), alone.first_upload("none")) == (Status.LISTED, None)
