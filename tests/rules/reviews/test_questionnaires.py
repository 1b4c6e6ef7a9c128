"""Questionnaires: what is unsound is named, what does not fit is refused whole, figures say what is in the way."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from muster.adapters.assets import asset, assets
from muster.adapters.yamlfiles.questionnaires import read_questionnaire
from muster.records.governance.reviews import AnswerType, Item, Questionnaire, Section
from muster.records.people import Role
from muster.rules.reviews.questionnaires import blocked, faults, figures, read_answers

ITEMS = (
    Item("safe", "Is it safe?", AnswerType.YES_NO, blocking=("no",)),
    Item("risk", "How high?", AnswerType.CHOICE, ("low", "high"), blocking=("high",)),
    Item("months", "How long?", AnswerType.NUMBER, minimum=1.0, maximum=12.0),
    Item("why", "Why?", AnswerType.TEXT, required=False),
)
ASKED = Questionnaire("impact", "Nothing against it.", (Role.OWNER,), 365.0, (Section("All", ITEMS),))
GIVEN: dict[str, Any] = {"safe": True, "risk": "low", "months": 3}


def test_answers_are_read_and_what_was_said_in_words_is_apart() -> None:
    assert read_answers(ASKED, {**GIVEN, "why": " so "}) == (GIVEN, {"why": "so"})
    assert read_answers(ASKED, {**GIVEN, "safe": "No", "why": ""}) == ({**GIVEN, "safe": False}, {})


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("safe", "perhaps", "neither true (yes) nor false (no)"),
        ("safe", 1, "neither true (yes) nor false (no)"),
        ("safe", None, "safe is not answered: Is it safe?"),
        ("risk", "medium", "'medium' is not one of low, high"),
        ("months", "three", "'three' is no number"),
        ("months", True, "True is no number"),
        ("months", float("nan"), "nan is no number"),
        ("months", 0, "0 is below 1"),
        ("months", 13, "13 is above 12"),
        ("why", 3, "takes text"),
        ("why", "x" * 10_001, "takes text"),
        ("other", 1, "other is no question of impact"),
    ],
)
def test_what_does_not_fit_is_named(name: str, value: Any, said: str) -> None:
    with pytest.raises(ValueError, match="do not fit") as raised:
        read_answers(ASKED, {**GIVEN, name: value})
    assert said in str(raised.value)


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(ValueError, match=r"(?s)safe is not.*risk is not.*months is not"):
        read_answers(ASKED, {})


def test_figures_say_how_much_was_answered_and_what_stands_in_the_way() -> None:
    plain, words = read_answers(ASKED, {"safe": False, "risk": "high", "months": 3})
    assert blocked(ASKED, plain) == ("safe", "risk")
    found = {figure.name: figure for figure in figures(ASKED, plain, words)}
    assert found["answered_share"].value == 0.75
    assert (found["blocking_answers"].value, found["blocking_answers"].note) == (2, "safe, risk")
    assert found["days_good"].value == 365


@pytest.mark.parametrize(
    ("changed", "path", "said"),
    [
        ({"id": "Impact"}, "id", "small letters"),
        ({"life_days": 0.0}, "life_days", "more than 0"),
        ({"life_days": 1e9}, "life_days", "at most"),
        ({"answered_by": ()}, "answered_by", "names no role"),
        ({"sections": ()}, "sections", "asks nothing"),
        ({"sections": (Section("a", ITEMS), Section("b", ITEMS[:1]))}, "sections[1].questions[0].id", "stands twice"),
    ],
)
def test_an_unsound_questionnaire_is_told_where(changed: dict[str, Any], path: str, said: str) -> None:
    found = dict(faults(replace(ASKED, **changed)))
    assert said in found[path]


@pytest.mark.parametrize(
    ("item", "field", "said"),
    [
        (Item("A", "x", AnswerType.TEXT), "id", "small letters"),
        (Item("a", " ", AnswerType.TEXT), "asks", "asks nothing"),
        (Item("a", "x", AnswerType.CHOICE), "choices", "needs some"),
        (Item("a", "x", AnswerType.TEXT, ("b",)), "choices", "needs some"),
        (Item("a", "x", AnswerType.CHOICE, ("b", "b")), "choices", "twice"),
        (Item("a", "x", AnswerType.CHOICE, ("b",), blocking=("c",)), "blocking", "answers that can block are b"),
        (Item("a", "x", AnswerType.NUMBER, blocking=("3",)), "blocking", "answers that can block are none"),
        (Item("a", "x", AnswerType.YES_NO, minimum=1.0), "minimum", "type number"),
    ],
)
def test_an_unsound_question_is_told_where(item: Item, field: str, said: str) -> None:
    found = dict(faults(replace(ASKED, sections=(Section("All", (item,)),))))
    assert said in found[f"sections[0].questions[0].{field}"]


@pytest.mark.parametrize("name", assets("questionnaires"))
def test_those_that_ship_are_sound_and_named_by_their_file(name: str) -> None:
    read = read_questionnaire(asset(f"questionnaires/{name}").decode(), name)
    assert f"{read.id}.yaml" == name
    assert any(item.blocking for item in read.questions)
    assert all(item.asks.endswith("?") for item in read.questions)


def test_a_file_says_the_line_of_what_is_wrong() -> None:
    text = asset("questionnaires/go-live-checklist.yaml").decode().replace("blocking: [none]", "blocking: [nobody]")
    with pytest.raises(ValueError, match=r"mine.yaml, line \d+: sections\[1\].questions\[0\].blocking: 'nobody' is no"):
        read_questionnaire(text, "mine.yaml")
