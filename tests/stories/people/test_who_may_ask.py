"""Who may ask: keys of which only the SHA-256 is here; whoever has none learns nothing, in OpenAI's words."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import openai
import pytest
from tests.gateway.chat.scene import Provider, World, chat_chunks

from muster.gateway.chat.door import ChatDoor
from muster.rules.language.clients import Client, read_clients

KEY, OTHER = "the-key-of-the-editor", "the-key-of-another"


def line(label: str, key: str, use_case: str = "coding") -> str:
    return f"{label} {use_case} sha256:{hashlib.sha256(key.encode()).hexdigest()}"


KNOWN = read_clients(f"# who\n\n{line('editor', KEY)}  # ours\n{line('sales', OTHER, 'selling')}\n", "clients.txt")


class Guarded(World):
    """A world in which only clients may ask."""

    clients: Any = staticmethod(lambda: KNOWN)

    def door(self) -> ChatDoor:
        return replace(super().door(), clients=self.clients)


def ask(world: World, key: str, **headers: str) -> Any:
    async def asks() -> Any:
        http = world.http()
        async with openai.AsyncOpenAI(
            api_key=key, base_url="http://muster/v1", http_client=http, max_retries=0
        ) as client:
            listed = await client.models.list(extra_headers=headers)
            answer = await client.chat.completions.create(
                model="coder", messages=[{"role": "user", "content": "x"}], extra_headers=headers
            )
            return [model.id for model in listed.data], answer.choices[0].message.content

    return asyncio.run(asks())


def test_a_client_with_its_key_is_answered_and_its_key_goes_no_further() -> None:
    world = Guarded(Provider(chat_chunks("fine\n")))
    assert ask(world, KEY) == (["coder"], "fine\n")
    assert world.provider.asked[0][2]["authorization"] == "Bearer key-of-local"


@pytest.mark.parametrize("key", ["", "wrong", KEY + "x", KEY[:-1], "coding", "ﬁ"])
def test_a_wrong_key_is_refused_as_openai_does(key: str) -> None:
    world = Guarded(Provider(chat_chunks("fine\n")))

    async def asks() -> Any:
        async with world.http() as http:
            head = {"authorization": f"Bearer {key}".encode()}
            return await http.get("/models", headers=head), await http.post("/chat/completions", json={}, headers=head)

    for answer in asyncio.run(asks()):
        assert answer.status_code == 401
        assert answer.json()["error"]["type"] == "authentication_error"
        assert answer.headers["www-authenticate"] == "Bearer"
    with pytest.raises(openai.AuthenticationError, match="send the key that you were given"):
        ask(world, "wrong")
    assert not world.provider.asked


def test_a_client_sees_the_models_of_its_own_use_case_only() -> None:
    world = Guarded(Provider(chat_chunks("fine\n")))

    async def asks() -> Any:
        http = world.http()
        async with openai.AsyncOpenAI(api_key=OTHER, base_url="http://muster/v1", http_client=http) as client:
            assert not (await client.models.list()).data
            with pytest.raises(openai.NotFoundError, match="no model of that name"):
                await client.models.retrieve("coder")
            with pytest.raises(openai.NotFoundError, match="no model of that name"):
                await client.chat.completions.create(model="coder", messages=[{"role": "user", "content": "x"}])

    asyncio.run(asks())
    assert not world.provider.asked


def test_two_keys_in_one_request_are_none() -> None:
    world = Guarded(Provider(chat_chunks("fine\n")))

    async def asks() -> Any:
        async with world.http() as http:
            twice = [("authorization", f"Bearer {KEY}"), ("authorization", f"Bearer {KEY}")]
            return await http.get("/models", headers=twice)

    assert asyncio.run(asks()).status_code == 401


def test_while_the_file_cannot_be_read_nobody_is_answered() -> None:
    world = Guarded(Provider(chat_chunks("fine\n")))

    def broken() -> Sequence[Client]:
        msg = "clients.txt is gone"
        raise OSError(msg)

    world.clients = broken
    with pytest.raises(openai.InternalServerError):
        ask(world, KEY)
    assert world.told == ["nobody may ask here: clients.txt is gone"]
