from __future__ import annotations

from dataclasses import dataclass

import pytest
from tests.gateway.chat.scene import Provider, World, chat_chunks
from tests.gateway.chat.test_door import run, streamed, whole

from muster.gateway.chat.hosted import Hosted
from muster.gateway.http.asgi import Failed

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
