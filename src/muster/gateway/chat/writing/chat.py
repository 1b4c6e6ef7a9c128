"""Chat completions: ``/v1/chat/completions``, whole and as a stream of chunks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from muster.gateway.chat.events import END, event
from muster.gateway.chat.pieces import Call, Finish, Outgoing, Refusal, Text, Usage

_ENCODE = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Head:
    """What stands at the head of every answer."""

    id: str
    created: int
    """Seconds since 1970."""
    model: str
    """The deployment, as the client asked for it."""


@dataclass(slots=True)
class ChatWriter:
    """Writes one answer."""

    head: Head
    usage_asked: bool = False
    """Whether the client asked for a last chunk with the usage."""
    _begun: set[int] = field(default_factory=set)

    def stream(self, piece: Outgoing) -> Iterator[bytes]:
        """Yield the events for one piece."""
        if isinstance(piece, Usage):
            if self.usage_asked:
                yield event(_ENCODE({**self._chunk(), "choices": [], "usage": usage(piece)}))
            return
        delta: dict[str, Any] = {}
        if piece.choice not in self._begun:
            self._begun.add(piece.choice)
            delta["role"] = "assistant"
        reason = None
        match piece:
            case Text():
                delta["content"] = piece.text
            case Call():
                delta["tool_calls"] = [{"index": piece.place, **_call(piece)}]
            case Refusal():
                # As content too: most programs show nothing else, and a person must learn why the answer ends.
                delta["content"] = notice(piece.words)
                delta["refusal"] = piece.words
            case Finish():
                reason = piece.reason
        choice = {"index": piece.choice, "delta": delta, "logprobs": None, "finish_reason": reason}
        yield event(_ENCODE({**self._chunk(), "choices": [choice]}))

    def end(self) -> bytes:
        """Return the last event."""
        return event(END)

    def whole(self, pieces: Sequence[Outgoing]) -> bytes:
        """Return the answer as one object."""
        choices = [
            _message(number, pieces) for number in sorted({p.choice for p in pieces if not isinstance(p, Usage)})
        ]
        answer = {**self._chunk(), "object": "chat.completion", "choices": choices}
        counted = [piece for piece in pieces if isinstance(piece, Usage)]
        return bytes(_ENCODE({**answer, "usage": usage(counted[-1])} if counted else answer))

    def _chunk(self) -> dict[str, Any]:
        head = self.head
        return {"id": head.id, "object": "chat.completion.chunk", "created": head.created, "model": head.model}


def notice(words: str) -> str:
    """Return the words that end an answer which was stopped."""
    return f"\n\n[stopped by muster: {words}]"


def usage(counted: Usage) -> dict[str, int]:
    """Return the usage as OpenAI names it."""
    total = counted.input_tokens + counted.output_tokens
    return {
        "prompt_tokens": counted.input_tokens,
        "completion_tokens": counted.output_tokens,
        "total_tokens": total,
    }


def said(number: int, pieces: Sequence[Outgoing]) -> str:
    """Return the text of one choice, with the words that end it where it was stopped."""
    parts = [
        notice(piece.words) if isinstance(piece, Refusal) else piece.text
        for piece in pieces
        if isinstance(piece, (Text, Refusal)) and piece.choice == number
    ]
    return "".join(parts)


def finish(number: int, pieces: Sequence[Outgoing]) -> str:
    """Return why one choice ended."""
    return next((piece.reason for piece in pieces if isinstance(piece, Finish) and piece.choice == number), "stop")


def refusal(number: int, pieces: Sequence[Outgoing]) -> str | None:
    """Return the words with which one choice was stopped, or None."""
    return next((piece.words for piece in pieces if isinstance(piece, Refusal) and piece.choice == number), None)


def _message(number: int, pieces: Sequence[Outgoing]) -> dict[str, Any]:
    calls = [_call(piece) for piece in pieces if isinstance(piece, Call) and piece.choice == number]
    message: dict[str, Any] = {
        "role": "assistant",
        "content": said(number, pieces) or None,
        "refusal": refusal(number, pieces),
    }
    if calls:
        message["tool_calls"] = calls
    return {"index": number, "message": message, "logprobs": None, "finish_reason": finish(number, pieces)}


def _call(call: Call) -> dict[str, Any]:
    return {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
