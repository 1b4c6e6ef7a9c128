from dataclasses import replace
from typing import Any

import pytest
from tests.gateway.chat.scene import MODEL, World

from muster.gateway.chat.asking import Asked, Protocol


def body(asked: dict[str, Any], protocol: Protocol = Protocol.CHAT, prompt: str = "", most: int = 0) -> Any:
    hosted = replace(World().hosted, system_prompt=prompt, model=replace(MODEL, most_output_tokens=most))
    return hosted.body(Asked(protocol, "coder", asked, streams=False))


def test_what_the_version_fixes_wins() -> None:
    asked = body({"messages": [], "temperature": 2, "top_p": 0.5})
    assert (asked["temperature"], asked["top_p"], asked["model"], asked["stream"]) == (0, 0.5, "tiny", True)


@pytest.mark.parametrize(
    ("asked", "held"),
    [
        ({}, {"max_tokens": 50}),
        ({"max_tokens": 10}, {"max_tokens": 10}),
        ({"max_tokens": 99}, {"max_tokens": 50}),
        ({"max_completion_tokens": 99}, {"max_completion_tokens": 50}),
        ({"max_tokens": 9, "max_completion_tokens": 99}, {"max_tokens": 9, "max_completion_tokens": 9}),
        ({"max_tokens": "many"}, {"max_tokens": 50}),
        ({"max_tokens": -1}, {"max_tokens": 50}),
    ],
)
def test_answers_are_no_longer_than_the_version_allows(asked: dict[str, Any], held: dict[str, int]) -> None:
    made = body({"messages": [], **asked}, most=50)
    assert {name: made[name] for name in ("max_tokens", "max_completion_tokens") if name in made} == held


def test_a_system_prompt_cannot_be_left_out() -> None:
    assert body({"messages": [{"role": "user", "content": "x"}]}, prompt="p")["messages"][0]["content"] == "p"
    with pytest.raises(ValueError, match="cannot carry"):
        body({"prompt": "x"}, Protocol.COMPLETIONS, prompt="p")
