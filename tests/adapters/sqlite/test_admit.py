from dataclasses import replace
from typing import Any

import pytest

from muster.adapters.sqlite.admit import accept, written
from muster.adapters.sqlite.fold import Fold
from muster.adapters.sqlite.turns import Job
from muster.ports.ledger import Conflict
from muster.records.entry import Basis, Entry
from muster.rules.merkle import leaf_hash


def job(*entries: Entry, expect: Basis | None = None) -> Job:
    return Job(entries, tuple(written(entry) for entry in entries), expect)


def about(size: int, *subjects: str) -> Basis:
    return Basis(size, frozenset(subjects))


def test_jobs_are_numbered_one_after_the_other(entry: Any) -> None:
    jobs = [job(entry(0), entry(1)), job(entry(2))]
    rows = accept(jobs, Fold())
    assert rows == [(seq, entry(seq).to_bytes(), leaf_hash(entry(seq).to_bytes())) for seq in range(3)]
    assert [[recorded.seq for recorded in each.recorded] for each in jobs] == [[0, 1], [2]]


def test_of_two_in_one_commit_who_expect_the_same_the_second_fails_alone(entry: Any) -> None:
    jobs = [
        job(entry(0, "a"), expect=about(0, "a")),
        job(entry(1, "a"), expect=about(0, "a")),
        job(entry(2, "b"), expect=about(0, "b")),
        job(entry(3, "c"), expect=Basis(0)),
    ]
    rows = accept(jobs, Fold())
    assert [raw for _, raw, _ in rows] == [entry(0, "a").to_bytes(), entry(2, "b").to_bytes()]
    assert [seq for seq, _, _ in rows] == [0, 1]
    assert [type(each.error) for each in jobs] == [type(None), Conflict, type(None), Conflict]
    assert jobs[1].recorded == ()


@pytest.mark.parametrize(
    "change",
    [{"kind": ""}, {"subject": ""}, {"kind": 7}, {"actor": None}, {"v": 2}, {"body": [1]}, {"body": "text"}],
)
def test_what_could_not_be_read_back_is_refused(entry: Any, change: dict[str, Any]) -> None:
    assert Entry.from_bytes(written(entry(0))) == entry(0)
    with pytest.raises(ValueError, match="cannot be recorded"):
        written(replace(entry(0), **change))


def test_a_year_that_would_be_written_with_three_digits_is_refused(entry: Any) -> None:
    with pytest.raises(ValueError, match="a time after 1970"):
        written(replace(entry(0), at=entry(0).at.replace(year=999)))


def test_refused_attempts_of_others_do_not_hold_up_a_decision(entry: Any) -> None:
    fold = Fold()
    attempts = [replace(entry(seq, "actor:eve"), kind="action.refused") for seq in range(3)]
    assert len(accept([job(entry(0, "a")), job(*attempts)], fold)) == 4
    fold.tree.extend(leaf_hash(each.to_bytes()) for each in (entry(0, "a"), *attempts))
    jobs = [job(entry(4, "b"), expect=Basis(1)), job(entry(5, "c"), expect=Basis(1))]
    accept(jobs, fold)
    assert [type(each.error) for each in jobs] == [type(None), Conflict]
