"""Words of reviewers: which entries name some that are sealed in the vault."""

from __future__ import annotations

from collections.abc import Iterator

from muster.lifecycle.desk.context import Context
from muster.records.entry import Recorded
from muster.records.governance.findings import AnsweredFinding, ClosedFinding, OpenedFinding, ReopenedFinding
from muster.records.governance.reviews import Answers

KINDS = (OpenedFinding, AnsweredFinding, ClosedFinding, ReopenedFinding)


def reviewed(context: Context) -> Iterator[tuple[Recorded, str]]:
    """Yield each entry of a review with the digest of the words that it names, as they are sealed."""
    for kind in KINDS:
        for recorded, step in context.history(kind):
            if step.words:
                yield recorded, step.words
    for recorded, answers in context.history(Answers):
        yield from ((recorded, name) for name in answers.words.values())
