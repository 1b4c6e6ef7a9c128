import json
from typing import Any

import pytest

from muster.gateway.chat.pieces import Call, Finish, Outgoing, Refusal, Text, Usage
from muster.gateway.chat.writing.chat import Head
from muster.gateway.chat.writing.responses import ResponseWriter

HEAD = Head("1", 1_800_000_000, "coder")


def played(*pieces: Outgoing) -> list[dict[str, Any]]:
    writer = ResponseWriter(HEAD)
    content = b"".join(event for piece in pieces for event in writer.stream(piece)) + writer.end()
    return [json.loads(event.split("data: ", 1)[1]) for event in content.decode().split("\n\n") if event]


def test_events_are_numbered_and_close_what_they_open() -> None:
    events = played(Text(0, "a"), Text(0, "b"), Call(0, 0, "c", "f", "{}"), Finish(0, "tool_calls"), Usage(1, 2))
    assert [event["sequence_number"] for event in events] == list(range(len(events)))
    kinds = [event["type"].removeprefix("response.") for event in events]
    assert kinds == [
        "created", "in_progress", "output_item.added", "content_part.added", "output_text.delta", "output_text.delta",
        "output_text.done", "content_part.done", "output_item.done", "output_item.added",
        "function_call_arguments.delta", "function_call_arguments.done", "output_item.done", "completed",
    ]  # fmt: skip
    assert [item["type"] for item in events[-1]["response"]["output"]] == ["message", "function_call"]
    assert events[-1]["response"]["usage"]["total_tokens"] == 3


@pytest.mark.parametrize(("reason", "why"), [("content_filter", "content_filter"), ("length", "max_output_tokens")])
def test_an_answer_that_was_cut_is_incomplete(reason: str, why: str) -> None:
    last = played(Text(0, "a"), Refusal(0, "no"), Finish(0, reason))[-1]
    assert last["type"] == "response.incomplete"
    assert last["response"]["incomplete_details"] == {"reason": why}


def test_the_whole_is_the_last_event() -> None:
    pieces: list[Outgoing] = [Text(0, "a"), Finish(0, "stop"), Usage(1, 2)]
    assert json.loads(ResponseWriter(HEAD).whole(pieces)) == played(*pieces)[-1]["response"]
