"""Responses: ``/v1/responses``, OpenAI's newer protocol, whole and as a stream of named events.

One answer is a list of items: at most one message, then the tool calls. There is one choice only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from muster.gateway.chat.events import event
from muster.gateway.chat.pieces import Call, Finish, Outgoing, Refusal, Text, Usage
from muster.gateway.chat.writing.chat import Head, notice

_ENCODE = msgspec.json.Encoder().encode

INCOMPLETE = {"content_filter": "content_filter", "length": "max_output_tokens"}
"""Reasons for which an answer is not complete, in the protocol's words."""


@dataclass(slots=True)
class ResponseWriter:
    """Writes one answer."""

    head: Head
    settings: dict[str, Any] = field(default_factory=dict)
    """What of the request is repeated in the answer: instructions, tools and the like."""
    _number: int = 0
    _text: list[str] = field(default_factory=list)
    _items: list[dict[str, Any]] = field(default_factory=list)
    _message_open: bool = False
    _reason: str = "stop"
    _usage: Usage | None = None

    def stream(self, piece: Outgoing) -> Iterator[bytes]:
        """Yield the events for one piece."""
        if not self._number:
            yield self._event("response.created", response=self._response("in_progress"))
            yield self._event("response.in_progress", response=self._response("in_progress"))
        match piece:
            case Text():
                yield from self._said(piece.text)
            case Refusal():
                yield from self._said(notice(piece.words))
            case Call():
                yield from self._close_message()
                yield from self._called(piece)
            case Finish():
                self._reason = piece.reason
                yield from self._close_message()
            case Usage():
                self._usage = piece

    def end(self) -> bytes:
        """Return the last event."""
        status = self._status()
        return self._event(f"response.{status}", response=self._response(status))

    def whole(self, pieces: Sequence[Outgoing]) -> bytes:
        """Return the answer as one object."""
        for piece in pieces:
            for _ in self.stream(piece):
                pass
        return bytes(_ENCODE(self._response(self._status())))

    def _status(self) -> str:
        return "incomplete" if self._reason in INCOMPLETE else "completed"

    def _said(self, text: str) -> Iterator[bytes]:
        if not self._message_open:
            self._message_open = True
            self._text = []
            item = {"id": self._item_id(), "type": "message", "status": "in_progress", "role": "assistant"}
            yield self._event("response.output_item.added", output_index=self._place, item={**item, "content": []})
            yield self._event("response.content_part.added", **self._where(), part=_part(""))
        self._text.append(text)
        yield self._event("response.output_text.delta", **self._where(), delta=text, logprobs=[])

    def _close_message(self) -> Iterator[bytes]:
        if not self._message_open:
            return
        text = "".join(self._text)
        yield self._event("response.output_text.done", **self._where(), text=text, logprobs=[])
        yield self._event("response.content_part.done", **self._where(), part=_part(text))
        item: dict[str, Any] = {"id": self._item_id(), "type": "message", "status": "completed", "role": "assistant"}
        item["content"] = [_part(text)]
        yield self._event("response.output_item.done", output_index=self._place, item=item)
        self._message_open = False
        self._items.append(item)

    def _called(self, call: Call) -> Iterator[bytes]:
        item = {"id": self._item_id("fc"), "type": "function_call", "status": "completed", "call_id": call.id}
        item |= {"name": call.name, "arguments": call.arguments}
        where = {"item_id": item["id"], "output_index": self._place}
        begun = {**item, "status": "in_progress", "arguments": ""}
        yield self._event("response.output_item.added", output_index=self._place, item=begun)
        yield self._event("response.function_call_arguments.delta", **where, delta=call.arguments)
        yield self._event("response.function_call_arguments.done", **where, arguments=call.arguments, name=call.name)
        yield self._event("response.output_item.done", output_index=self._place, item=item)
        self._items.append(item)

    @property
    def _place(self) -> int:
        return len(self._items)

    def _item_id(self, kind: str = "msg") -> str:
        return f"{kind}_{self.head.id}_{self._place}"

    def _where(self) -> dict[str, Any]:
        return {"item_id": self._item_id(), "output_index": self._place, "content_index": 0}

    def _event(self, kind: str, **fields: Any) -> bytes:
        number = self._number
        self._number += 1
        return event(_ENCODE({"type": kind, "sequence_number": number, **fields}), kind)

    def _response(self, status: str) -> dict[str, Any]:
        why = INCOMPLETE.get(self._reason)
        answer = {
            "id": f"resp_{self.head.id}",
            "object": "response",
            "created_at": self.head.created,
            "model": self.head.model,
            "status": status,
            "error": None,
            "incomplete_details": {"reason": why} if why and status == "incomplete" else None,
            "output": list(self._items),
            "parallel_tool_calls": True,
            "tool_choice": "auto",
            "tools": [],
            "store": False,
            **self.settings,
        }
        if self._usage is not None:
            answer["usage"] = _usage(self._usage)
        return answer


def _part(text: str) -> dict[str, Any]:
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}


def _usage(counted: Usage) -> dict[str, Any]:
    return {
        "input_tokens": counted.input_tokens,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": counted.output_tokens,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": counted.input_tokens + counted.output_tokens,
    }
