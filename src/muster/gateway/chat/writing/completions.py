"""Completions: ``/v1/completions``, the older protocol, whole and as a stream."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from muster.gateway.chat.events import END, event
from muster.gateway.chat.pieces import Call, Finish, Outgoing, Refusal, Text, Usage
from muster.gateway.chat.writing.chat import Head, finish, notice, said, usage

_ENCODE = msgspec.json.Encoder().encode


@dataclass(slots=True)
class CompletionWriter:
    """Writes one answer."""

    head: Head
    usage_asked: bool = False
    """Whether the client asked for a last event with the usage."""

    def stream(self, piece: Outgoing) -> Iterator[bytes]:
        """Yield the events for one piece."""
        if isinstance(piece, Usage):
            if self.usage_asked:
                yield event(_ENCODE({**self._answer(), "choices": [], "usage": usage(piece)}))
        elif isinstance(piece, Text):
            yield self._event(piece.choice, piece.text, None)
        elif isinstance(piece, Refusal):
            yield self._event(piece.choice, notice(piece.words), None)
        elif isinstance(piece, Finish):
            yield self._event(piece.choice, "", piece.reason)

    def end(self) -> bytes:
        """Return the last event."""
        return event(END)

    def whole(self, pieces: Sequence[Outgoing]) -> bytes:
        """Return the answer as one object."""
        numbers = sorted({piece.choice for piece in pieces if not isinstance(piece, (Usage, Call))})
        choices = [_choice(number, said(number, pieces), finish(number, pieces)) for number in numbers]
        answer = {**self._answer(), "choices": choices}
        counted = [piece for piece in pieces if isinstance(piece, Usage)]
        return bytes(_ENCODE({**answer, "usage": usage(counted[-1])} if counted else answer))

    def _event(self, number: int, text: str, reason: str | None) -> bytes:
        return event(_ENCODE({**self._answer(), "choices": [_choice(number, text, reason)]}))

    def _answer(self) -> dict[str, Any]:
        head = self.head
        return {"id": head.id, "object": "text_completion", "created": head.created, "model": head.model}


def _choice(number: int, text: str, reason: str | None) -> dict[str, Any]:
    return {"index": number, "text": text, "logprobs": None, "finish_reason": reason}
