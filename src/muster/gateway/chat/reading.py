"""Reading: what a provider streams, as pieces. Whatever is not known is not passed on: it could carry what guards stop.

Log probabilities, reasoning and other fields hold text that no guard has seen, so that they are left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from muster.gateway.chat.pieces import CallPart, Finish, Incoming, Text, Usage


class ProviderFailed(RuntimeError):  # noqa: N818 - named for what happened
    """The provider said that it failed, or nothing that can be read."""


REASONS = {"stop", "length", "tool_calls", "content_filter"}


def read_event(data: str, *, chat: bool) -> Iterator[Incoming]:
    """Yield the pieces of one event of ``/chat/completions`` or ``/completions``.

    Raises
    ------
    ProviderFailed
        Where the event is an error, or nothing of the kind.
    """
    try:
        content = json.loads(data)
    except (ValueError, RecursionError):
        msg = "the provider sent what is not JSON"
        raise ProviderFailed(msg) from None
    if not isinstance(content, dict):
        msg = "the provider sent JSON that is no object"
        raise ProviderFailed(msg)
    if content.get("error"):
        msg = "the provider failed in the middle of its answer"
        raise ProviderFailed(msg)
    for choice in _objects(content.get("choices")):
        yield from _choice(choice, chat=chat)
    usage = content.get("usage")
    if isinstance(usage, dict):
        yield Usage(_count(usage.get("prompt_tokens")), _count(usage.get("completion_tokens")))


def _choice(choice: dict[str, Any], *, chat: bool) -> Iterator[Incoming]:
    index = _count(choice.get("index"))
    if chat:
        delta = choice.get("delta") or choice.get("message")
        yield from _delta(delta, index) if isinstance(delta, dict) else ()
    elif text := _text(choice.get("text")):
        yield Text(index, text)
    if reason := choice.get("finish_reason"):
        known = "tool_calls" if reason == "function_call" else reason
        yield Finish(index, known if isinstance(known, str) and known in REASONS else "stop")


def _delta(delta: dict[str, Any], index: int) -> Iterator[Incoming]:
    if text := _text(delta.get("content")):
        yield Text(index, text)
    for place, call in enumerate(_objects(delta.get("tool_calls"))):
        yield _call(index, place, call)
    if isinstance(old := delta.get("function_call"), dict):
        yield CallPart(index, 0, "", _text(old.get("name")), _text(old.get("arguments")))


def _call(index: int, place: int, call: dict[str, Any]) -> CallPart:
    function = call.get("function")
    function = function if isinstance(function, dict) else {}
    where = call.get("index")
    return CallPart(
        index,
        where if isinstance(where, int) and where >= 0 else place,
        _text(call.get("id")),
        _text(function.get("name")),
        _text(function.get("arguments")),
    )


def _objects(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _text(value: Any) -> str:
    """Return a text; half of a surrogate pair, which no answer can carry, becomes a question mark."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def _count(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else 0
