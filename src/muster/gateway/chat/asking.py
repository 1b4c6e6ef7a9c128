"""Asking: what a client asks for, in three protocols, as one request to a provider; what is not known is refused.

A field that is passed on unread could turn a guard's work around (log probabilities repeat the text, ``n`` multiplies
the cost), so that only named fields go to the provider.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import msgspec


class Protocol(StrEnum):
    """What the client speaks."""

    CHAT = "chat"
    COMPLETIONS = "completions"
    RESPONSES = "responses"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request of a client."""

    protocol: Protocol
    model: str
    """The deployment that is asked."""
    body: Mapping[str, Any]
    """What goes to the provider, save model, streaming and what the version fixes."""
    streams: bool
    usage_asked: bool = False
    echoed: Mapping[str, Any] | None = None
    """What a response repeats of its request."""

    @property
    def path(self) -> str:
        """Where the provider takes it."""
        return "/completions" if self.protocol is Protocol.COMPLETIONS else "/chat/completions"


CHAT_FIELDS = frozenset(
    {
        "messages", "temperature", "top_p", "n", "stop", "max_tokens", "max_completion_tokens", "presence_penalty",
        "frequency_penalty", "seed", "tools", "tool_choice", "parallel_tool_calls", "response_format", "user",
    }
)  # fmt: skip
COMPLETION_FIELDS = frozenset(
    {"prompt", "temperature", "top_p", "n", "stop", "max_tokens", "presence_penalty", "frequency_penalty", "seed",
     "suffix", "user"}
)  # fmt: skip
HARMLESS = frozenset({"model", "stream", "stream_options", "metadata", "store", "service_tier"})
"""Fields that are read here or make no difference; they do not go to the provider."""

MOST_CHOICES = 8


def read_asked(body: bytes, protocol: Protocol) -> Asked:
    """Read a request; raise ValueError naming the field that is wrong or not taken."""
    content = _object(body)
    model = content.get("model")
    if not isinstance(model, str) or not model:
        msg = "model: name the deployment that is asked, as /v1/models lists them"
        raise ValueError(msg)
    if protocol is Protocol.RESPONSES:
        return _response(content, model)
    fields = CHAT_FIELDS if protocol is Protocol.CHAT else COMPLETION_FIELDS
    required = "messages" if protocol is Protocol.CHAT else "prompt"
    if not content.get(required):
        msg = f"{required}: nothing is asked"
        raise ValueError(msg)
    _require_known(content, fields | HARMLESS)
    _require_choices(content.get("n"))
    if protocol is Protocol.CHAT:
        _require_messages(content["messages"])
    options = content.get("stream_options")
    usage = isinstance(options, dict) and options.get("include_usage") is True
    kept = {name: value for name, value in content.items() if name in fields and value is not None}
    return Asked(protocol, model, kept, content.get("stream") is True, usage)


def _object(body: bytes) -> dict[str, Any]:
    try:
        content = msgspec.json.decode(body)
    except msgspec.DecodeError:
        msg = "the body is not JSON"
        raise ValueError(msg) from None
    if not isinstance(content, dict):
        msg = "the body is JSON, but no object"
        raise ValueError(msg)
    return content


def _require_choices(choices: Any) -> None:
    if choices is not None and not (isinstance(choices, int) and 1 <= choices <= MOST_CHOICES):
        msg = f"n: ask for 1 to {MOST_CHOICES} choices"
        raise ValueError(msg)


def _require_known(content: Mapping[str, Any], known: frozenset[str]) -> None:
    if unknown := sorted(str(name) for name in content.keys() - known if content[name] not in (None, False, [], {})):
        msg = f"{unknown[0]}: this gateway does not pass that on, for no guard reads what it would bring; leave it out"
        raise ValueError(msg)


def _require_messages(messages: Any) -> None:
    if not isinstance(messages, list) or not all(
        isinstance(m, dict) and isinstance(m.get("role"), str) for m in messages
    ):
        msg = "messages: a list of objects, each with a role"
        raise ValueError(msg)


RESPONSE_FIELDS = frozenset(
    {"input", "instructions", "temperature", "top_p", "max_output_tokens", "tools", "tool_choice",
     "parallel_tool_calls", "user", "text", "truncation", "include", "reasoning"}
)  # fmt: skip


def _response(content: Mapping[str, Any], model: str) -> Asked:
    _require_known(content, RESPONSE_FIELDS | HARMLESS)
    if content.get("previous_response_id"):
        msg = "previous_response_id: nothing is stored here; send the conversation in input"
        raise ValueError(msg)
    body: dict[str, Any] = {"messages": _messages(content)}
    for theirs, ours in (
        ("temperature", "temperature"), ("top_p", "top_p"), ("max_output_tokens", "max_tokens"), ("user", "user"),
        ("tool_choice", "tool_choice"), ("parallel_tool_calls", "parallel_tool_calls"),
    ):  # fmt: skip
        if content.get(theirs) is not None:
            body[ours] = content[theirs]
    if shape := _shape(content.get("text")):
        body["response_format"] = shape
    if isinstance(body.get("tool_choice"), dict):
        body["tool_choice"] = {"type": "function", "function": {"name": body["tool_choice"].get("name", "")}}
    tools = content.get("tools")
    if tools is not None and not isinstance(tools, list):
        msg = "tools: a list"
        raise ValueError(msg)
    if tools:
        body["tools"] = [_tool(tool) for tool in tools]
    echoed = {name: content[name] for name in ("instructions", "tools", "tool_choice") if content.get(name) is not None}
    return Asked(Protocol.RESPONSES, model, body, content.get("stream") is True, usage_asked=True, echoed=echoed)


def _shape(text: Any) -> dict[str, Any] | None:
    """Return the form that the answer must have, as chat completions name it; None where it is plain text."""
    wanted = text.get("format") if isinstance(text, dict) else None
    if not isinstance(wanted, dict) or wanted.get("type", "text") == "text":
        return None
    if wanted["type"] == "json_schema":
        schema = {name: wanted[name] for name in ("name", "schema", "strict") if wanted.get(name) is not None}
        return {"type": "json_schema", "json_schema": schema}
    return {"type": "json_object"}


def _tool(tool: Any) -> dict[str, Any]:
    if not isinstance(tool, dict) or tool.get("type") != "function":
        kind = tool.get("type") if isinstance(tool, dict) else tool
        msg = f"tools: {kind!r} runs at the provider, where no guard stands; only functions are taken"
        raise ValueError(msg)
    named = {name: tool[name] for name in ("name", "description", "parameters", "strict") if tool.get(name) is not None}
    return {"type": "function", "function": named}


def _messages(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = []
    if isinstance(content.get("instructions"), str):
        messages.append({"role": "system", "content": content["instructions"]})
    asked = content.get("input")
    if isinstance(asked, str) and asked:
        return [*messages, {"role": "user", "content": asked}]
    if not isinstance(asked, list) or not asked:
        msg = "input: nothing is asked"
        raise ValueError(msg)
    return [*messages, *(_item(item) for item in asked)]


def _item(item: Any) -> dict[str, Any]:
    kind = item.get("type", "message") if isinstance(item, dict) else None
    if kind == "message" and isinstance(item.get("role"), str):
        role = "system" if item["role"] == "developer" else item["role"]
        return {"role": role, "content": _content(item.get("content"))}
    if kind == "function_call":
        function = {"name": str(item.get("name", "")), "arguments": str(item.get("arguments", ""))}
        call = {"id": str(item.get("call_id", "")), "type": "function", "function": function}
        return {"role": "assistant", "content": None, "tool_calls": [call]}
    if kind == "function_call_output":
        return {"role": "tool", "tool_call_id": str(item.get("call_id", "")), "content": _content(item.get("output"))}
    msg = f"input: an item of type {kind!r} is not taken; there are message, function_call and function_call_output"
    raise ValueError(msg)


def _content(content: Any) -> str:
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    texts = [part["text"] for part in parts if isinstance(part, dict) and isinstance(part.get("text"), str)]
    if len(texts) != len(parts):
        msg = "input: only text is taken"
        raise ValueError(msg)
    return "".join(texts)
