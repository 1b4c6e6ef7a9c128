from __future__ import annotations

from muster.rules.gate.memo import MOST, once


def test_what_was_worked_out_is_not_worked_out_again() -> None:
    asked: list[object] = []
    first, same = ["a"], ["a"]

    @once
    def length(record: list[str]) -> int:
        asked.append(record)
        return len(record)

    assert [length(first), length(first), length(same)] == [1, 1, 1]
    assert asked == [first, same], "an equal record is another record"


def test_only_so_many_answers_are_kept_and_none_is_mistaken_for_another() -> None:
    @once
    def echo(record: list[int]) -> int:
        return record[0]

    assert [echo([number]) for number in range(3 * MOST)] == list(range(3 * MOST))
