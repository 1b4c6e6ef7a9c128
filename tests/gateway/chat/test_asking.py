import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.gateway.chat.asking import Asked, Protocol, read_asked


def read(protocol: Protocol, **content: Any) -> Asked:
    return read_asked(json.dumps({"model": "coder", **content}).encode(), protocol)


def test_only_known_fields_go_to_the_provider() -> None:
    asked = read(Protocol.CHAT, messages=[{"role": "user", "content": "x"}], temperature=0.5, store=False, stream=True)
    assert set(asked.body) == {"messages", "temperature"}
    assert asked.streams
    assert asked.path == "/chat/completions"


def test_unknown_fields_that_say_nothing_are_harmless() -> None:
    assert read(Protocol.COMPLETIONS, prompt="x", logprobs=None, echo=False, best_of=None).path == "/completions"


@pytest.mark.parametrize("field", ["logprobs", "top_logprobs", "logit_bias", "functions", "audio", "prediction"])
def test_what_could_go_around_a_guard_is_refused_by_name(field: str) -> None:
    with pytest.raises(ValueError, match=f"^{field}: "):
        read(Protocol.CHAT, messages=[{"role": "user", "content": "x"}], **{field: 5})


def test_a_response_is_asked_as_a_chat() -> None:
    items = [
        {"role": "developer", "content": [{"type": "input_text", "text": "a"}, {"type": "input_text", "text": "b"}]},
        {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "c", "output": "42"},
    ]
    shape = {"format": {"type": "json_schema", "name": "n", "schema": {}}}
    asked = read(Protocol.RESPONSES, input=items, instructions="i", max_output_tokens=5, text=shape, tool_choice="auto")
    assert asked.body["messages"] == [
        {"role": "system", "content": "i"},
        {"role": "system", "content": "ab"},
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}],
        },
        {"role": "tool", "tool_call_id": "c", "content": "42"},
    ]
    assert asked.body["max_tokens"] == 5
    assert asked.body["response_format"] == {"type": "json_schema", "json_schema": {"name": "n", "schema": {}}}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"input": ""}, "input: nothing is asked"),
        ({"input": [{"type": "computer_call"}]}, "computer_call"),
        ({"input": [{"role": "user", "content": [{"type": "input_image"}]}]}, "only text is taken"),
        ({"input": "x", "tools": [{"type": "web_search"}]}, "runs at the provider"),
        ({"input": "x", "tools": [3]}, "only functions are taken"),
        ({"input": "x", "previous_response_id": "r"}, "previous_response_id"),
    ],
)
def test_what_a_response_cannot_ask_is_named(content: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read(Protocol.RESPONSES, **content)


@given(st.binary(max_size=50), st.sampled_from(Protocol))
def test_no_bytes_make_it_throw_otherwise(body: bytes, protocol: Protocol) -> None:
    with contextlib.suppress(ValueError):
        read_asked(body, protocol)


@given(
    st.dictionaries(
        st.sampled_from(["input", "messages", "tools", "text", "tool_choice", "n", "stream_options", "instructions"]),
        st.recursive(
            st.none() | st.integers() | st.text(max_size=3),
            lambda inner: (
                st.lists(inner, max_size=2)
                | st.dictionaries(st.sampled_from(["type", "role", "content", "format"]), inner, max_size=3)
            ),
            max_leaves=6,
        ),
    ),
    st.sampled_from(Protocol),
)
def test_no_json_makes_it_throw_otherwise(content: dict[str, Any], protocol: Protocol) -> None:
    with contextlib.suppress(ValueError):
        read(protocol, **content)
