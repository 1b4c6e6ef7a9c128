"""Questions go to the provider as a gateway would send them; all are answered, or nothing is."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.lifecycle.language.scene import HOSTED, PROMPTS, Coding

from muster.lifecycle.desk.action import Upload
from muster.lifecycle.language.asking import ask_all, hosted_of, require_askable
from muster.lifecycle.language.host import host
from muster.ports.upstream import ProviderDown
from muster.records.language.prompts import Prompt, PromptSet
from muster.records.model import ModelVersion


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Coding]:
    made = Coding(tmp_path)
    yield made
    made.close()


def version(scene: Coding) -> ModelVersion:
    return scene.as_("mia").history(ModelVersion)[-1][1]


def test_each_prompt_is_asked_as_often_as_wanted_with_what_the_version_fixes(scene: Coding) -> None:
    host(scene.as_("mia"), "code-assistant", "coder", replace(HOSTED, model="other"), Upload("p.txt", b"Be brief."))
    replies = ask_all(scene.as_("mia"), version(scene), PROMPTS, 2, 3, {"temperature": 0})
    assert [reply.prompt.id for reply in replies] == [prompt.id for prompt in PROMPTS.prompts for _ in range(2)]
    assert {reply.tokens for reply in replies} == {7}
    asked = scene.provider.asked[0]
    assert asked["url"] == "http://127.0.0.1:8000/v1/chat/completions"
    assert (asked["temperature"], asked["top_p"], asked["max_tokens"]) == (0, 0.9, 90)
    assert (asked["model"], asked["stream"]) == ("other", False)
    assert asked["messages"][0] == {"role": "system", "content": "Be brief."}


def test_one_answer_that_cannot_be_had_is_none_at_all(scene: Coding) -> None:
    scene.provider.down = "question 7"
    with pytest.raises(ProviderDown, match="cannot be reached"):
        ask_all(scene.as_("mia"), version(scene), PROMPTS, 1, 4)


@pytest.mark.parametrize(
    "raw",
    [
        b"<html>",
        b"[]",
        b'{"choices": []}',
        b'{"choices": [{}]}',
        b'{"choices": [{"message": "x"}]}',
        b'{"choices": [{"message": {"content": 7}}]}',
        b'{"choices": [{"message": {"content": "x"}}], "usage": {"completion_tokens": "many"}}',
    ],
)
def test_an_answer_that_cannot_be_read_is_said_to_be_none(scene: Coding, raw: bytes) -> None:
    scene.provider.raw = raw
    with pytest.raises(ProviderDown, match="provider 'local' answered"):
        ask_all(scene.as_("mia"), version(scene), PROMPTS, 1, 1)


@pytest.mark.parametrize(
    ("prompts", "samples", "at_once", "words"),
    [
        (PromptSet("none", ()), 1, 1, "has 0 prompts"),
        (PromptSet("two", (Prompt("a", "x"), Prompt("a", "y"))), 1, 1, "'a' is empty or stands twice"),
        (PromptSet("two", (Prompt("a", " "),)), 1, 1, "prompt 'a' has 1 characters"),
        (PROMPTS, 0, 1, "1 to 20 times"),
        (PROMPTS, 1, 99, "1 to 32 at once"),
    ],
)
def test_what_cannot_be_asked_is_refused(prompts: PromptSet, samples: int, at_once: int, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        require_askable(prompts, samples, at_once)


def test_only_hosted_versions_are_asked_and_only_where_there_is_a_way(scene: Coding) -> None:
    found = version(scene)
    with pytest.raises(ValueError, match="no hosted language model"):
        hosted_of(replace(found, manifest=replace(found.manifest, hosted=None)))
    scene.house = replace(scene.house, upstream=None)
    with pytest.raises(ValueError, match="asks no providers"):
        ask_all(scene.as_("mia"), found, PROMPTS, 1, 1)
