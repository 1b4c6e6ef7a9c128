import json
from typing import Any

from muster.gateway.chat.pieces import Call, Finish, Outgoing, Refusal, Text, Usage
from muster.gateway.chat.writing.chat import ChatWriter, Head

HEAD = Head("chatcmpl-1", 1_800_000_000, "coder")
PIECES: list[Outgoing] = [Text(0, "a"), Text(1, "b"), Call(0, 0, "c", "f", "{}"), Refusal(1, "no"), Usage(1, 2)]


def events(content: bytes) -> list[Any]:
    return [json.loads(line[6:]) for line in content.decode().split("\n\n") if line and line != "data: [DONE]"]


def test_each_choice_begins_with_its_role_once() -> None:
    writer = ChatWriter(HEAD)
    chunks = events(b"".join(event for piece in PIECES for event in writer.stream(piece)))
    roles = [(chunk["choices"][0]["index"], chunk["choices"][0]["delta"].get("role")) for chunk in chunks]
    assert roles == [(0, "assistant"), (1, "assistant"), (0, None), (1, None)]
    assert {chunk["object"] for chunk in chunks} == {"chat.completion.chunk"}
    assert writer.end() == b"data: [DONE]\n\n"


def test_usage_is_streamed_where_it_is_asked_for() -> None:
    (chunk,) = events(b"".join(ChatWriter(HEAD, usage_asked=True).stream(Usage(1, 2))))
    assert (chunk["choices"], chunk["usage"]["total_tokens"]) == ([], 3)
    assert list(ChatWriter(HEAD).stream(Usage(1, 2))) == []


def test_a_whole_answer_has_its_choices_in_order() -> None:
    answer = json.loads(ChatWriter(HEAD).whole([*PIECES, Finish(1, "content_filter"), Finish(0, "tool_calls")]))
    first, second = answer["choices"]
    assert (first["message"]["content"], first["finish_reason"]) == ("a", "tool_calls")
    assert first["message"]["tool_calls"][0]["function"] == {"name": "f", "arguments": "{}"}
    assert (second["message"]["refusal"], second["finish_reason"]) == ("no", "content_filter")
    assert second["message"]["content"] == "b\n\n[stopped by muster: no]"
    assert answer["usage"] == {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}
