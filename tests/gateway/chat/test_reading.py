import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.gateway.chat.pieces import CallPart, Finish, Text, Usage
from muster.gateway.chat.reading import ProviderFailed, read_event

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["choices", "delta", "content", "tool_calls", "index", "function", "usage", "text", "error"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


def chunk(**choice: Any) -> str:
    return json.dumps({"choices": [{"index": 1, **choice}]})


def test_text_calls_ends_and_usage_are_read() -> None:
    call = {"index": 2, "id": "c", "function": {"name": "f", "arguments": "{"}}
    assert list(read_event(chunk(delta={"content": "x", "tool_calls": [call]}), chat=True)) == [
        Text(1, "x"),
        CallPart(1, 2, "c", "f", "{"),
    ]
    assert list(read_event(chunk(text="y", finish_reason="length"), chat=False)) == [Text(1, "y"), Finish(1, "length")]
    assert list(read_event(json.dumps({"usage": {"prompt_tokens": 3}}), chat=True)) == [Usage(3, 0)]


def test_the_older_form_of_a_call_is_a_call() -> None:
    old = chunk(delta={"function_call": {"name": "f", "arguments": "{}"}}, finish_reason="function_call")
    assert list(read_event(old, chat=True)) == [CallPart(1, 0, "", "f", "{}"), Finish(1, "tool_calls")]


@pytest.mark.parametrize("field", ["reasoning_content", "refusal", "audio", "thinking"])
def test_text_in_other_fields_that_no_guard_reads_is_left_out(field: str) -> None:
    assert list(read_event(chunk(delta={field: "pip install evil"}, logprobs={"content": ["evil"]}), chat=True)) == []


def test_an_unknown_end_is_an_end() -> None:
    assert list(read_event(chunk(finish_reason="weird"), chat=True)) == [Finish(1, "stop")]


@pytest.mark.parametrize("data", ["", "x", "[]", '"x"', '{"error": {"message": "secret"}}'])
def test_what_is_no_answer_is_a_failure_that_repeats_nothing(data: str) -> None:
    with pytest.raises(ProviderFailed) as failed:
        list(read_event(data, chat=True))
    assert "secret" not in str(failed.value)


@given(JSON, st.booleans())
def test_no_json_makes_it_throw_otherwise(content: Any, chat: bool) -> None:
    with contextlib.suppress(ProviderFailed):
        list(read_event(json.dumps(content), chat=chat))


def test_what_is_nested_beyond_reason_fails_and_half_a_character_harms_nothing() -> None:
    with pytest.raises(ProviderFailed, match="not JSON"):
        list(read_event('{"choices": ' + "[" * 200_000, chat=True))
    half = '{"choices": [{"index": 0, "delta": {"content": "a\\ud83d"}}]}'
    assert list(read_event(half, chat=True)) == [Text(0, "a?")]
