import asyncio
from dataclasses import dataclass
from typing import Any

import pytest
from tests.gateway.chat.scene import Provider, World, chat_chunks
from tests.gateway.chat.test_door import run, streamed, whole

from muster.gateway.chat.hosted import Hosted
from muster.gateway.http.asgi import Failed


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


LINES = "".join(f"line {number} of many\n" for number in range(20))


@dataclass
class Stopping(World):
    """People stop the deployment while it answers."""

    left: int = 10
    """How often it is still found."""

    def _standing(self, name: str) -> Hosted:
        self.left -= 1
        if self.left < 0:
            raise Failed(503, "not available")
        return super()._standing(name)


def test_a_stream_is_cut_when_people_stop_the_deployment() -> None:
    world = Stopping(Provider(chat_chunks(LINES)))
    text, reason = run(streamed, world)
    assert text.startswith("line 0 of many\n")
    assert "line 19" not in text
    assert "[stopped by muster" in text
    assert reason == "content_filter"
    assert world.kept[0].outcome == "cut"
    with pytest.raises(Exception, match="not available"):
        run(streamed, world)


def test_an_answer_that_is_gathered_is_cut_too() -> None:
    world = Stopping(Provider(chat_chunks(LINES)))
    answer = run(whole, world)
    assert "line 19" not in answer.choices[0].message.content
    assert world.kept[0].outcome == "cut"
