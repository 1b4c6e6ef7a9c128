"""Answers: those of language models, counted on their way into the log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from muster.gateway.chat.hosted import Answered
from muster.gateway.chat.keeping import Keeper
from muster.gateway.operations.families import Sample


@dataclass(slots=True)
class Answers:
    """Counts what became of answers, and hands them on.

    Parameters
    ----------
    keeper
        Logs them.
    """

    keeper: Keeper
    _answers: Counter[tuple[str, ...]] = field(default_factory=Counter)
    _tokens: Counter[tuple[str, ...]] = field(default_factory=Counter)

    def __call__(self, answered: Answered) -> None:
        """Count one answer, and log it."""
        named = answered.hosted.deployment, answered.hosted.version
        self._answers[*named, answered.protocol.value, answered.outcome] += 1
        self._tokens[*named, "read"] += answered.input_tokens
        self._tokens[*named, "written"] += answered.output_tokens
        self.keeper.keep(answered)

    def figures(self) -> Iterator[Sample]:
        """Tell how many there were."""
        for labels, count in self._answers.items():
            yield Sample("answers", labels, float(count))
        for labels, count in self._tokens.items():
            yield Sample("answer_tokens", labels, float(count))
