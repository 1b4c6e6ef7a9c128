"""Questionnaires: whether one is sound, whether answers fit it, and the figures that controls hold against limits."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from muster.records.evidence import Figure
from muster.records.governance.reviews import AnswerType, Item, Questionnaire

NAME = re.compile(r"[a-z][a-z0-9-]{0,63}")
LONGEST_DAYS = 3660
LONGEST = 10_000
"""Characters of an answer in words."""

TRUTH = {True: "yes", False: "no"}


def faults(questionnaire: Questionnaire) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a questionnaire: the path of the field, and what to write instead."""
    if not NAME.fullmatch(questionnaire.id):
        yield "id", f"{questionnaire.id!r}: use small letters, digits and '-', beginning with a letter"
    if not 0 < questionnaire.life_days <= LONGEST_DAYS:
        yield "life_days", f"is {questionnaire.life_days:g}: it must be more than 0, and at most {LONGEST_DAYS:,}"
    if not questionnaire.answered_by:
        yield "answered_by", "names no role: nobody could answer it"
    if not questionnaire.questions:
        yield "sections", "asks nothing"
    seen: set[str] = set()
    for at, section in enumerate(questionnaire.sections):
        for place, item in enumerate(section.questions):
            path = f"sections[{at}].questions[{place}]"
            if item.id in seen:
                yield f"{path}.id", f"question {item.id} stands twice"
            seen.add(item.id)
            yield from ((f"{path}.{field}", what) for field, what in _item_faults(item))


def _item_faults(item: Item) -> Iterator[tuple[str, str]]:
    if not NAME.fullmatch(item.id):
        yield "id", f"{item.id!r}: use small letters, digits and '-', beginning with a letter"
    if not item.asks.strip():
        yield "asks", f"{item.id} asks nothing"
    if (item.type is AnswerType.CHOICE) != bool(item.choices):
        yield "choices", "go with a question of type choice, which needs some"
    if len(set(item.choices)) != len(item.choices):
        yield "choices", "one stands twice"
    allowed = {AnswerType.YES_NO: ("yes", "no"), AnswerType.CHOICE: item.choices}.get(item.type, ())
    if unknown := sorted(set(item.blocking) - set(allowed)):
        known = ", ".join(allowed) or "none"
        yield "blocking", f"{unknown[0]!r} is no answer to {item.id}; answers that can block are {known}"
    if item.type is not AnswerType.NUMBER and (item.minimum is not None or item.maximum is not None):
        yield "minimum", "minimum and maximum go with a question of type number"


def read_answers(questionnaire: Questionnaire, given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Hold answers against their questionnaire.

    Returns
    -------
    tuple[dict[str, Any], dict[str, str]]
        By question: what was answered, and apart from it what was answered in words. What was left empty is left out.

    Raises
    ------
    ValueError
        With every answer that is missing or does not fit.
    """
    known = {item.id: item for item in questionnaire.questions}
    wrong = [f"{name} is no question of {questionnaire.id}" for name in given if name not in known]
    plain: dict[str, Any] = {}
    words: dict[str, str] = {}
    for name, item in known.items():
        value = given.get(name)
        if value is None or value == "":
            wrong += [f"{name} is not answered: {item.asks}"] * item.required
            continue
        try:
            read = _read(item, value)
        except ValueError as error:
            wrong.append(f"{name}: {error}")
            continue
        if item.type is AnswerType.TEXT:
            words[name] = read
        else:
            plain[name] = read
    if wrong:
        msg = f"the answers to {questionnaire.id} do not fit:\n" + "\n".join(f"  {line}" for line in wrong)
        raise ValueError(msg)
    return plain, words


def _read(item: Item, value: Any) -> Any:
    match item.type:
        case AnswerType.YES_NO:
            told = TRUTH.get(value) if isinstance(value, bool) else str(value).strip().lower()
            if told not in ("yes", "no"):
                msg = f"{value!r} is neither true (yes) nor false (no)"
                raise ValueError(msg)
            return told == "yes"
        case AnswerType.CHOICE:
            if value not in item.choices:
                msg = f"{value!r} is not one of {', '.join(item.choices)}"
                raise ValueError(msg)
            return value
        case AnswerType.NUMBER:
            return _number(item, value)
        case AnswerType.TEXT:
            if not isinstance(value, str) or not value.strip() or len(value) > LONGEST:
                msg = f"takes text of 1 to {LONGEST:,} characters"
                raise ValueError(msg)
            return value.strip()


def _number(item: Item, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        msg = f"{value!r} is no number"
        raise ValueError(msg)
    if item.minimum is not None and value < item.minimum:
        msg = f"{value:g} is below {item.minimum:g}"
        raise ValueError(msg)
    if item.maximum is not None and value > item.maximum:
        msg = f"{value:g} is above {item.maximum:g}"
        raise ValueError(msg)
    return value


def blocked(questionnaire: Questionnaire, plain: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the questions whose answers stand in the way."""
    told = {name: TRUTH[value] if isinstance(value, bool) else value for name, value in plain.items()}
    return tuple(item.id for item in questionnaire.questions if item.blocking and told.get(item.id) in item.blocking)


def figures(questionnaire: Questionnaire, plain: Mapping[str, Any], words: Mapping[str, str]) -> tuple[Figure, ...]:
    """Return what answers say in figures: the share answered, and how many stand in the way."""
    asked, answered = len(questionnaire.questions), len(plain) + len(words)
    blocking = blocked(questionnaire, plain)
    return (
        Figure("answered_share", answered / asked, asked),
        Figure("blocking_answers", len(blocking), answered, note=", ".join(blocking)),
        Figure("days_good", questionnaire.life_days, answered),
    )
