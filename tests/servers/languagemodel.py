"""A provider of language models on loopback that says what it is told, whole or as a stream."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.servers.running import JSON, Answer, Asked, listening


@dataclass
class Said:
    """What it answers to a question, and what it was asked."""

    answer: Callable[[str], str]
    size: int = 5
    asked: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""


@contextmanager
def language_model(answer: Callable[[str], str]) -> Iterator[Said]:
    """Run a provider while the block runs; ``answer`` may be exchanged meanwhile."""
    said = Said(answer)

    def answer(asked: Asked) -> Answer:
        if asked.method == "GET":
            return 200, JSON, b'{"status": "ok"}'
        body = json.loads(asked.content)
        said.asked.append(body)
        text = said.answer(body["messages"][-1]["content"])
        usage = {"prompt_tokens": 4, "completion_tokens": len(text.split())}
        if not body.get("stream"):
            whole = {"choices": [{"index": 0, "message": {"role": "assistant", "content": text}}], "usage": usage}
            return 200, JSON, json.dumps(whole).encode()
        pieces = [{"content": text[at : at + said.size]} for at in range(0, len(text), said.size)]
        chunks = [{"choices": [{"index": 0, "delta": piece, "finish_reason": None}]} for piece in pieces]
        chunks.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        chunks.append({"choices": [], "usage": usage})
        lines = [f"data: {json.dumps(chunk)}\n\n" for chunk in chunks]
        return 200, "text/event-stream", "".join([*lines, "data: [DONE]\n\n"]).encode()

    with listening(answer) as said.url:
        yield said
