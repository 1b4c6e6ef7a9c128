from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

from muster.lifecycle.desk.typed import choices, is_document, is_sequence, plain, value_of
from muster.records.people import Role
from muster.records.purpose import UseCase


@pytest.mark.parametrize(
    ("hint", "words", "value"),
    [
        (str, ["5"], "5"),
        (int, ["5"], 5),
        (float, ["5"], 5.0),
        (bool, ["true"], True),
        (bool, ["no"], False),
        (int | None, ["7"], 7),
        (int | str, ["7"], 7),
        (int | str, ["seven"], "seven"),
        (Role, ["owner"], "owner"),
        (tuple[Role, ...], ["owner, admin", "auditor"], ["owner", "admin", "auditor"]),
        (tuple[int, ...], ["1,2"], [1, 2]),
        (datetime, ["2026-11-23"], "2026-11-23T00:00:00.000000Z"),
        (datetime, ["2026-11-23T10:00:00+02:00"], "2026-11-23T08:00:00.000000Z"),
        (Mapping[str, Any], ['{"a": 1}'], {"a": 1}),
        (Any, ["[1]"], [1]),
    ],
)
def test_words_become_the_values_that_actions_take(hint: Any, words: list[str], value: Any) -> None:
    assert value_of(hint, words) == value


@pytest.mark.parametrize(
    ("hint", "word"), [(int, "x"), (float, "x"), (bool, "x"), (datetime, "soon"), (Mapping[str, Any], "{")]
)
def test_what_does_not_fit_is_passed_on_for_the_one_judge(hint: Any, word: str) -> None:
    assert value_of(hint, [word]) == word


def test_records_mappings_and_lists_of_records_are_documents() -> None:
    assert is_document(UseCase | None)
    assert is_document(tuple[UseCase, ...])
    assert is_document(Mapping[str, float])
    assert not is_document(tuple[str, ...])
    assert is_sequence(tuple[str, ...] | None)
    assert not is_sequence(str)


def test_choices_are_the_values_of_an_enum() -> None:
    assert choices(tuple[Role, ...]) == tuple(role.value for role in Role)
    assert choices(str) == ()
    assert plain(Role | None) is Role
