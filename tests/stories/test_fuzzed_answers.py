"""Whatever clients send and providers answer: no internal error, no hanging, and nothing unguarded reaches a reader."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.columns.packages.lists import small
from tests.gateway.chat.scene import Provider, World, chat_chunks

from muster.columns.packages.text import check_text
from muster.gateway.chat.hosted import Hosted
from muster.guards.output.opening import open_guards
from muster.records.language.answers import AnswerRules
from muster.records.language.packages import Action, PackageRules

NOW = datetime(2026, 11, 23, tzinfo=UTC)
RULES = AnswerRules(packages=PackageRules(), secrets=Action.REDACT)
BAD = "surely-absent"
"""A name that the complete list of the scene does not have."""

STOPPED = "[stopped by muster"
FREE = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

PATHS = {
    "/chat/completions": {"model": "coder", "messages": [{"role": "user", "content": "x"}]},
    "/completions": {"model": "coder", "prompt": "x"},
    "/responses": {"model": "coder", "input": "x"},
}

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = """messages prompt input model stream stream_options n tools tool_choice text response_format stop max_tokens
temperature instructions include previous_response_id role content type metadata logprobs"""
FIELDS = st.sampled_from(NAMES.split())
LINES = (
    "Use it so:\n",
    "```bash\n",
    f"pip install {BAD}\n",
    f"npm install {BAD}-js requests\n",
    "```\n",
    "```python\n",
    "import requests\n",
    "import surely_absent\n",
    "from surely_absent.deep import (\n    a,\n)\n",
    f"Run `pip install {BAD}` now.\n",
    "plain words, no code\n",
    "x = 1\n",
)


def guarded(provider: Provider) -> World:
    world = World(provider)
    hosted: Hosted = replace(world.hosted, open_guards=lambda: open_guards(RULES, small(), NOW))
    world.hosted = hosted
    return world


def post(world: World, path: str, body: Any) -> httpx2.Response:
    """Send one request; whatever is not answered within some seconds hangs."""

    async def asks() -> httpx2.Response:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        async with world.http() as http, asyncio.timeout(20):
            return await http.post(path, content=content)

    return asyncio.run(asks())


@FREE
@given(st.sampled_from(sorted(PATHS)), st.dictionaries(FIELDS, JSON, max_size=4))
def test_no_body_is_an_internal_error(path: str, changes: dict[str, Any]) -> None:
    world = guarded(Provider(chat_chunks("fine\n")))
    answer = post(world, path, {**PATHS[path], **changes})
    assert answer.status_code in {200, 400, 404}, answer.text
    if answer.status_code != 200:
        error = answer.json()["error"]
        assert error["message"]
        assert error["type"] in {"invalid_request_error", "not_found_error"}


@FREE
@given(st.sampled_from(sorted(PATHS)), st.binary(max_size=80) | JSON.map(lambda value: json.dumps(value).encode()))
def test_no_bytes_are_an_internal_error(path: str, body: bytes) -> None:
    assert post(guarded(Provider()), path, body).status_code in {400, 404}


def events(answer: httpx2.Response) -> list[Any]:
    """Return what a well-formed stream holds; raise where it is none."""
    found = []
    for block in answer.text.split("\n\n"):
        data = [line.removeprefix("data: ") for line in block.splitlines() if line.startswith("data: ")]
        assert len(data) <= 1, block
        found += [json.loads(each) for each in data if each != "[DONE]"]
    return found


def strings(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text in a JSON value, with the name of the field that it is in."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield name, key
            yield from strings(item, key)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item, name)


def blocked(text: str) -> list[str]:
    """Return what the judge blocks of a text that a reader got; the words of muster itself end it."""
    said = text.partition(STOPPED)[0]
    judged = check_text(said, small(), PackageRules(), NOW).judgements
    return [each.reference.name for each in judged if each.action is Action.BLOCK]


def texts_of(path: str, content: list[Any], *, streamed: bool) -> Iterator[tuple[int, str]]:
    """Yield what a reader is shown of each choice, in order."""
    if path != "/responses":
        for choice in (choice for each in content for choice in each["choices"]):
            shown = choice.get("delta") or choice.get("message") or {}
            yield choice["index"], choice.get("text") or shown.get("content") or ""
    elif streamed:
        yield from ((0, each["delta"]) for each in content if each["type"] == "response.output_text.delta")
    else:
        items = (item for each in content for item in each["output"])
        yield from ((0, part["text"]) for item in items for part in item.get("content", []))


def require_guarded(path: str, answer: httpx2.Response, *, streamed: bool) -> None:
    """Assert that nothing which the judge blocks is in an answer, in whichever field."""
    content = events(answer) if streamed else [answer.json()]
    read = {"content", "refusal", "text", "delta"}
    for name, text in (pair for each in content for pair in strings(each)):
        if name not in read:
            assert BAD not in text, name
            assert "surely_absent" not in text, name
    said: dict[int, str] = {}
    for number, text in texts_of(path, content, streamed=streamed):
        said[number] = said.get(number, "") + text
    assert [name for text in said.values() for name in blocked(text)] == []


def cut(content: bytes, places: Sequence[int]) -> list[bytes]:
    """Cut bytes at some places."""
    ends = sorted({place % (len(content) + 1) for place in places} | {0, len(content)})
    return [content[start:end] for start, end in pairwise(ends)]


@FREE
@given(
    st.lists(st.sampled_from(LINES), min_size=1, max_size=8),
    st.integers(1, 9),
    st.lists(st.integers(0, 10**6), max_size=12),
    st.booleans(),
)
def test_what_the_judge_blocks_never_arrives_however_it_was_cut(
    lines: list[str], size: int, places: list[int], streamed: bool
) -> None:
    whole = b"".join(chat_chunks("".join(lines), size))
    world = guarded(Provider(cut(whole, places)))
    body = {**PATHS["/chat/completions"], "stream": streamed}
    answer = post(world, "/chat/completions", body)
    assert answer.status_code == 200
    require_guarded("/chat/completions", answer, streamed=streamed)
    if not any("absent" in line for line in lines):
        assert STOPPED not in answer.text


CALL = {"name": "shell", "arguments": json.dumps({"command": f"pip install {BAD}"})}
CARRIERS = st.fixed_dictionaries(
    {},
    optional={
        name: st.just(f"pip install {BAD}\n") | JSON
        for name in ("content", "refusal", "reasoning", "reasoning_content", "text", "audio", "role", "name")
    }
    | {
        "tool_calls": st.lists(
            st.fixed_dictionaries(
                {"index": st.integers(-1, 3)},
                optional={
                    "id": st.just(f"pip install {BAD}") | st.just("c1"),
                    "function": st.just(CALL) | st.just({**CALL, "name": f"pip install {BAD}"}) | JSON,
                },
            ),
            max_size=2,
        ),
        "function_call": st.just(CALL) | JSON,
    },
)
CHOICE = st.fixed_dictionaries(
    {"index": st.integers(-1, 20)},
    optional={
        "delta": CARRIERS | JSON,
        "message": CARRIERS,
        "text": st.just(f"pip install {BAD}\n"),
        "logprobs": st.just({"content": [{"token": BAD}]}),
        "finish_reason": st.sampled_from(["stop", "tool_calls", "length", BAD, None]) | JSON,
    },
)
EVENT = st.fixed_dictionaries(
    {},
    optional={
        "choices": st.lists(CHOICE, max_size=3) | JSON,
        "id": st.just(BAD),
        "model": st.just(BAD),
        "system_fingerprint": st.just(BAD),
        "usage": st.fixed_dictionaries({"prompt_tokens": JSON, "completion_tokens": JSON}) | JSON,
        "error": st.just({"message": f"pip install {BAD}"}),
        BAD: st.just(BAD),
    },
)


@FREE
@given(
    st.sampled_from(sorted(PATHS)),
    st.lists(EVENT.map(json.dumps) | st.text("da:{}[]\n\r ", max_size=9), max_size=6),
    st.lists(st.integers(0, 10**6), max_size=6),
    st.booleans(),
)
def test_no_field_of_a_provider_carries_past_the_guards(
    path: str, parts: list[str], places: list[int], streamed: bool
) -> None:
    whole = "".join(f"data: {data}\n\n" for data in parts).encode()
    answer = post(guarded(Provider(cut(whole, places))), path, {**PATHS[path], "stream": streamed})
    assert answer.status_code in {200, 502}, answer.text
    if answer.status_code == 502:
        assert BAD not in answer.text
        return
    require_guarded(path, answer, streamed=streamed)


@pytest.mark.parametrize("chunks", [[b"data: {"], [b"\xff\xfe"], [b"data: [DONE]\n\n"], [], [b": still here\n\n"] * 50])
def test_a_provider_that_says_nothing_useful_ends_in_an_answer(chunks: list[bytes]) -> None:
    assert post(guarded(Provider(chunks)), "/chat/completions", PATHS["/chat/completions"]).status_code in {200, 502}
