"""Story: what the ledger knows about one model version, read for its report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from muster.lifecycle.desk.asking import Asked, ask
from muster.lifecycle.desk.context import Context
from muster.records.data import DatasetVersion
from muster.records.decision import Question
from muster.records.entry import Recorded
from muster.records.evidence import Evidence
from muster.records.governance.search import Search
from muster.records.model import ModelVersion
from muster.records.policy import Control, Limit
from muster.records.purpose import UseCase

Pair = tuple[Recorded, Evidence]


@dataclass(frozen=True, slots=True)
class Story:
    """What a report tells; everything comes from the ledger, and the verdict from asking the gate now."""

    question: Question
    version: ModelVersion
    registered: Recorded
    use_case: UseCase
    asked: Asked | None
    """None where no gate can be asked."""
    unasked: str
    """Why it cannot."""
    evidence: tuple[Pair, ...]
    """All of it, oldest first."""
    search: tuple[Recorded, Search] | None
    """The newest search of the use case."""
    datasets: dict[str, DatasetVersion]
    at: datetime
    size: int
    """Entries in the ledger when it was read."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One evidence record, with its entry, the limits that the policy puts on it, and whether newer took its place."""

    recorded: Recorded
    evidence: Evidence
    limits: tuple[tuple[Control, Limit], ...]
    current: bool


def tell(context: Context, version: ModelVersion, environment: str, scope: str) -> Story:
    """Read a story; raise LookupError where the use case is not known."""
    question = Question(version.digest, version.use_case, environment, scope)
    use_case = context.latest(UseCase, f"use-case:{version.use_case}")
    asked, unasked = None, ""
    try:
        asked = ask(context, question)
    except LookupError as error:
        unasked = str(error.args[0])
    searches = context.history(Search, f"use-case:{version.use_case}")
    about = context.history(ModelVersion, f"version:{version.digest}")
    return Story(
        question=question,
        version=version,
        registered=about[-1][0],
        use_case=use_case,
        asked=asked,
        unasked=unasked,
        evidence=tuple(context.history(Evidence, f"version:{version.digest}")),
        search=searches[-1] if searches else None,
        datasets={data.digest: data for _, data in context.history(DatasetVersion)},
        at=context.house.clock(),
        size=context.house.ledger.size,
    )
