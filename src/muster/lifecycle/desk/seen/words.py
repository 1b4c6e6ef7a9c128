"""Words of reviewers: which entries name some that are sealed in the vault."""

from __future__ import annotations

from collections.abc import Iterator

from muster.lifecycle.desk.context import Context
from muster.records.entry import Recorded
from muster.records.governance.findings import AnsweredFinding, ClosedFinding, OpenedFinding, ReopenedFinding
from muster.records.governance.reviews import Answers

Worded = OpenedFinding | AnsweredFinding | ClosedFinding | ReopenedFinding


def reviewed(context: Context) -> Iterator[tuple[Recorded, str]]:
    """Yield each entry of a review with the digest of the words that it names, as they are sealed."""
    steps: list[tuple[Recorded, Worded]] = [
        *context.history(OpenedFinding),
        *context.history(AnsweredFinding),
        *context.history(ClosedFinding),
        *context.history(ReopenedFinding),
    ]
    yield from ((recorded, step.words) for recorded, step in steps if step.words)
    for recorded, answers in context.history(Answers):
        yield from ((recorded, name) for name in answers.words.values())
