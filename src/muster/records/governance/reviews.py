"""Reviews by hand: questionnaires as data, and what somebody answered about a version, with how long that holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from muster.records.codec import kind
from muster.records.people import Role


class AnswerType(StrEnum):
    """What a question takes for an answer."""

    YES_NO = "yes-no"
    CHOICE = "choice"
    NUMBER = "number"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Item:
    """One question."""

    id: str
    asks: str
    type: AnswerType
    choices: tuple[str, ...] = ()
    """What may be chosen."""
    required: bool = True
    blocking: tuple[str, ...] = ()
    """Answers that stand in the way of a release: ``yes`` or ``no``, or some of the choices."""
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """Questions that belong together."""

    title: str
    questions: tuple[Item, ...]
    clauses: tuple[str, ...] = ()
    """Clauses that ask for them."""


@kind("questionnaire.adopted")
@dataclass(frozen=True, slots=True)
class Questionnaire:
    """What people are asked about a version, who may answer, and how long answers hold."""

    id: str
    """Its answers are the evidence of the check ``attested.ID``."""
    statement: str
    answered_by: tuple[Role, ...]
    life_days: float
    sections: tuple[Section, ...]
    independent: bool = False
    """Whether it counts only from somebody who is no author of the version."""
    notice: str = ""

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"questionnaire:{self.id}"

    @property
    def questions(self) -> tuple[Item, ...]:
        """All questions, in order."""
        return tuple(item for section in self.sections for item in section.questions)


@kind("questionnaire.answered")
@dataclass(frozen=True, slots=True)
class Answers:
    """What somebody answered; the entry's actor is its author. What they wrote in words is sealed in the vault."""

    version: str
    questionnaire: str
    template: str
    """Digest of the questionnaire's record as it was answered."""
    answers: Mapping[str, Any]
    """By question: true or false, a choice, a number."""
    valid_until: datetime
    words: Mapping[str, str] = field(default_factory=dict)
    """By question: digest of the words as they are sealed."""

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"version:{self.version}"
