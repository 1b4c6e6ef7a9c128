import asyncio
from typing import Any

from tests.gateway.chat.scene import Provider, World, chat_chunks


def test_a_client_that_leaves_ends_the_asking_and_is_kept_as_such() -> None:
    class Slow(Provider):
        async def __call__(self, *_: Any) -> None:
            await asyncio.sleep(60)

    world = World(Slow())

    async def left() -> None:
        messages = [
            {
                "type": "http.request",
                "body": b'{"model":"coder","messages":[{"role":"user","content":"x"}],"stream":true}',
            },
            {"type": "http.disconnect"},
        ]

        async def receive() -> Any:
            return messages.pop(0)

        async def send(message: Any) -> None:
            raise AssertionError(message)

        scope = {"type": "http", "method": "POST", "path": "/v1/chat/completions", "headers": []}
        await asyncio.wait_for(world.app(scope, receive, send), 10)

    asyncio.run(left())
    assert [answered.outcome for answered in world.kept] == ["left"]


def test_what_became_of_a_request_is_kept_without_its_words() -> None:
    world = World(Provider(chat_chunks("one\nodd\n")))

    async def asks() -> None:
        async with world.client() as client:
            await client.chat.completions.create(model="coder", messages=[{"role": "user", "content": "secret"}])

    asyncio.run(asks())
    (kept,) = world.kept
    assert (kept.outcome, kept.input_tokens, kept.output_tokens, kept.received_characters) == ("answered", 5, 9, 8)
    assert 0 < kept.first_us <= kept.latency_us
    assert "secret" not in repr(kept)
