"""The real client of OpenAI against the door, all three protocols, whole and streamed."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import openai
import pytest
from tests.gateway.chat.scene import MODEL, Provider, World, chat_chunks, text_of

from muster.gateway.chat.budget import Account
from muster.records.language.hosted import Budget

GOOD = "import requests\nprint('hello')\n"
ASK: Any = [{"role": "user", "content": "write code"}]


def run(play: Callable[[openai.AsyncOpenAI], Awaitable[Any]], world: World) -> Any:
    async def played() -> Any:
        async with world.client() as client:
            return await play(client)

    return asyncio.run(played())


async def whole(client: openai.AsyncOpenAI) -> Any:
    return await client.chat.completions.create(model="coder", messages=ASK)


async def streamed(client: openai.AsyncOpenAI) -> tuple[str, str]:
    return await text_of(await client.chat.completions.create(model="coder", messages=ASK, stream=True))


def test_a_chat_answer_passes_as_it_was_said() -> None:
    world = World(Provider(chat_chunks(GOOD)))
    answer = run(whole, world)
    assert answer.choices[0].message.content == GOOD
    assert answer.choices[0].finish_reason == "stop"
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (5, 9)
    assert answer.model == "coder"
    assert run(streamed, world) == (GOOD, "stop")


def test_the_provider_is_asked_what_the_version_fixes_with_its_own_key() -> None:
    world = World(Provider(chat_chunks(GOOD)))
    world.hosted = replace(world.hosted, system_prompt="Be brief.", model=replace(MODEL, most_output_tokens=50))

    async def asks(client: openai.AsyncOpenAI) -> Any:
        return await client.chat.completions.create(model="coder", messages=ASK, temperature=1.9, max_tokens=999)

    run(asks, world)
    ((path, body, headers),) = world.provider.asked
    assert path == "/v1/chat/completions"
    assert headers["authorization"] == "Bearer key-of-local"
    assert body["model"] == "tiny"
    assert body["temperature"] == 0
    assert body["max_tokens"] == 50
    assert body["messages"] == [{"role": "system", "content": "Be brief."}, *ASK]


@pytest.mark.parametrize("size", [1, 3, 500])
def test_what_a_guard_stops_never_arrives_however_it_was_cut(size: int) -> None:
    world = World(Provider(chat_chunks("fine\nodd line\nevil line\nmore\n", size)))
    text, reason = run(streamed, world)
    assert text == "fine\n# changed\n\n\n[stopped by muster: evil is not allowed]"
    assert reason == "content_filter"
    message = run(whole, world).choices[0]
    assert message.message.content == text
    assert (message.message.refusal, message.finish_reason) == ("evil is not allowed", "content_filter")
    assert [answered.outcome for answered in world.kept] == ["stopped", "stopped"]
    assert world.kept[0].findings[0].what == "evil"


def test_a_guard_that_throws_ends_the_answer_and_repeats_nothing() -> None:
    world = World(Provider(chat_chunks("fine\nthrow me\nmore\n")))
    text, reason = run(streamed, world)
    assert text == "fine\n\n\n[stopped by muster: a guard could not judge this answer, so it ends here]"
    assert reason == "content_filter"
    assert world.told == ["coder: a guard failed (RuntimeError), and the answer was stopped"]


def calls(arguments: str) -> list[bytes]:
    parts = [{"index": 0, "id": "c1", "type": "function", "function": {"name": "shell", "arguments": ""}}]
    parts += [{"index": 0, "function": {"arguments": arguments[at : at + 3]}} for at in range(0, len(arguments), 3)]
    head, *rest = chat_chunks("", finish=None)
    events = [{"choices": [{"index": 0, "delta": {"tool_calls": [part]}}]} for part in parts]
    events.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "tool_calls"}]})
    return [head, *(b"data: " + json.dumps(event).encode() + b"\n\n" for event in events), *rest]


def test_tool_calls_are_judged_whole() -> None:
    world = World(Provider(calls('{"command": "pip install requests"}')))

    async def both(client: openai.AsyncOpenAI) -> Any:
        answer = await whole(client)
        arguments, chunks = "", 0
        async for chunk in await client.chat.completions.create(model="coder", messages=ASK, stream=True):
            for call in chunk.choices[0].delta.tool_calls or []:
                arguments += call.function.arguments
                chunks += 1
        return answer.choices[0], arguments, chunks

    choice, arguments, chunks = run(both, world)
    assert choice.finish_reason == "tool_calls"
    assert choice.message.tool_calls[0].function.name == "shell"
    assert choice.message.tool_calls[0].function.arguments == arguments == '{"command": "pip install requests"}'
    assert chunks == 1


@pytest.mark.parametrize(("arguments", "words"), [("evil", "shell may not do that"), ("throw", "could not judge")])
def test_a_tool_call_that_is_stopped_does_not_arrive(arguments: str, words: str) -> None:
    answer = run(whole, World(Provider(calls(arguments))))
    assert answer.choices[0].message.tool_calls is None
    assert words in answer.choices[0].message.refusal


def test_the_older_protocol_is_spoken() -> None:
    events = [{"choices": [{"index": 0, "text": part}]} for part in ("one\n", "evil\n")]
    world = World(Provider([b"data: " + json.dumps(event).encode() + b"\n\n" for event in events]))

    async def asks(client: openai.AsyncOpenAI) -> Any:
        answer = await client.completions.create(model="coder", prompt="x")
        parts = [chunk async for chunk in await client.completions.create(model="coder", prompt="x", stream=True)]
        return answer.choices[0], "".join(part.choices[0].text for part in parts)

    choice, text = run(asks, world)
    assert choice.text == text == "one\n\n\n[stopped by muster: evil is not allowed]"
    assert choice.finish_reason == "content_filter"
    assert world.provider.asked[0][0] == "/v1/completions"


def test_the_newer_protocol_is_spoken() -> None:
    world = World(Provider(chat_chunks(GOOD)))

    async def asks(client: openai.AsyncOpenAI) -> Any:
        answer = await client.responses.create(model="coder", input="write code", instructions="Be brief.")
        async with client.responses.stream(model="coder", input="write code") as stream:
            kinds = [event.type async for event in stream]
            return answer, kinds, await stream.get_final_response()

    answer, kinds, final = run(asks, world)
    assert answer.output_text == final.output_text == GOOD
    assert answer.usage.output_tokens == 9
    assert (kinds[0], kinds[-1]) == ("response.created", "response.completed")
    assert world.provider.asked[0][1]["messages"][0] == {"role": "system", "content": "Be brief."}


def test_a_stopped_response_is_incomplete_and_says_why() -> None:
    async def asks(client: openai.AsyncOpenAI) -> Any:
        return await client.responses.create(model="coder", input="write code")

    answer = run(asks, World(Provider(chat_chunks("evil\n"))))
    assert answer.status == "incomplete"
    assert answer.incomplete_details.reason == "content_filter"
    assert "evil is not allowed" in answer.output_text


def test_a_response_with_calls_lists_them_after_the_text() -> None:
    async def asks(client: openai.AsyncOpenAI) -> Any:
        tool: Any = {"type": "function", "name": "shell", "parameters": {"type": "object"}, "strict": False}
        async with client.responses.stream(model="coder", input="x", tools=[tool]) as stream:
            return await stream.get_final_response()

    world = World(Provider(calls("{}")))
    (call,) = run(asks, world).output
    assert (call.type, call.name, call.arguments) == ("function_call", "shell", "{}")
    assert world.provider.asked[0][1]["tools"][0]["function"]["name"] == "shell"


def test_what_answers_is_listed() -> None:
    async def asks(client: openai.AsyncOpenAI) -> Any:
        return [model.id for model in (await client.models.list()).data], (await client.models.retrieve("coder")).id

    assert run(asks, World()) == (["coder"], "coder")


def test_a_provider_that_is_down_is_a_502_without_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("muster.adapters.upstream.PAUSES", (0.0,))
    world = World(Provider([b"secret words"], status=500))
    with pytest.raises(openai.InternalServerError, match="provider could not be asked") as failed:
        run(whole, world)
    assert failed.value.status_code == 502
    assert "secret" not in str(failed.value)
    assert len(world.provider.asked) == 3
    assert world.told == ["coder: provider 'local' answered with status 500"]
    assert world.kept[0].outcome == "failed"


def test_a_provider_that_breaks_off_leaves_nothing_unjudged() -> None:
    world = World(Provider([*chat_chunks("fine\nhalf a li")[:-4], b'data: {"error": {"message": "secret"}}\n\n']))
    text, reason = run(streamed, world)
    assert text.startswith("fine\n\n\n[stopped by muster: the model broke off")
    assert reason == "content_filter"
    assert "half" not in text


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"model": "coder"}, "messages: nothing is asked"),
        ({"model": "", "messages": ASK}, "model: name the deployment"),
        ({"model": "coder", "messages": ASK, "logprobs": True}, "logprobs: this gateway does not pass that on"),
        ({"model": "coder", "messages": ASK, "n": 99}, "n: ask for 1 to 8"),
        ({"model": "coder", "messages": "hello"}, "messages: a list of objects"),
        ([], "no object"),
    ],
)
def test_what_cannot_be_asked_is_named(asked: Any, words: str) -> None:
    async def asks(_: openai.AsyncOpenAI) -> Any:
        async with World().http() as http:
            return await http.post("/chat/completions", json=asked)

    answer = run(asks, World())
    assert answer.status_code == 400
    assert words in answer.json()["error"]["message"]


def test_other_paths_models_and_verbs_are_told_apart() -> None:
    async def asks(_: openai.AsyncOpenAI) -> Any:
        async with World().http() as http:
            return (
                (await http.get("/chat/completions")).status_code,
                (await http.post("/embeddings", json={})).status_code,
                (await http.post("/chat/completions", json={"model": "other", "messages": ASK})).status_code,
            )

    assert run(asks, World()) == (405, 404, 404)


def test_a_use_case_that_has_asked_enough_is_told_when_to_come_back() -> None:
    world = World(Provider(chat_chunks(GOOD)))
    world.hosted = replace(world.hosted, account=Account(Budget(tokens_per_day=10)))
    run(whole, world)
    with pytest.raises(openai.RateLimitError, match="10 tokens a day") as over:
        run(whole, world)
    assert int(over.value.response.headers["retry-after"]) > 80_000
    assert world.kept[0].cost == pytest.approx((5 * 1 + 9 * 2) / 1e6)
    assert len(world.provider.asked) == 1
