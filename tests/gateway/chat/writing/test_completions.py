import json

from muster.gateway.chat.pieces import Finish, Outgoing, Refusal, Text, Usage
from muster.gateway.chat.writing.chat import Head
from muster.gateway.chat.writing.completions import CompletionWriter

HEAD = Head("cmpl-1", 1_800_000_000, "coder")
PIECES: list[Outgoing] = [Text(0, "a"), Refusal(0, "no"), Finish(0, "content_filter"), Usage(1, 2)]


def test_a_stream_says_what_the_whole_says() -> None:
    writer = CompletionWriter(HEAD, usage_asked=True)
    events = [json.loads(event[6:]) for piece in PIECES for event in writer.stream(piece)]
    whole = json.loads(CompletionWriter(HEAD).whole(PIECES))
    assert "".join(choice["text"] for event in events for choice in event["choices"]) == whole["choices"][0]["text"]
    assert events[-2]["choices"][0]["finish_reason"] == whole["choices"][0]["finish_reason"] == "content_filter"
    assert events[-1]["usage"] == whole["usage"]
    assert writer.end() == b"data: [DONE]\n\n"


def test_usage_that_nobody_asked_for_is_not_streamed() -> None:
    assert list(CompletionWriter(HEAD).stream(Usage(1, 2))) == []
