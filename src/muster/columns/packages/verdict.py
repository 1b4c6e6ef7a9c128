"""Judgement: the verdict on one reference, with the list that it rests on; report: what came of a whole text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from muster.columns.packages.reference import Reference
from muster.records.language.packages import Action, Verdict


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is held of one reference, and why."""

    reference: Reference
    verdict: Verdict
    action: Action
    distribution: str = ""
    """Normalised name of the package that is meant, if there is one."""
    suggestion: str = ""
    """What to write instead, if that is known."""
    explanation: str = ""
    """One sentence for the reader."""
    digest: str = ""
    """Snapshot of names that the verdict rests on; empty where it rests on none."""
    taken_at: datetime | None = None
    """When that snapshot was taken."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was found in a text, and the text after the actions."""

    judgements: tuple[Judgement, ...]
    text: str
    refusal: str = ""
    """Why the answer was cut off; empty where it passed to its end."""

    @property
    def stopped(self) -> tuple[Judgement, ...]:
        """The judgements that were blocked or redacted."""
        return tuple(judgement for judgement in self.judgements if judgement.action.stops)
