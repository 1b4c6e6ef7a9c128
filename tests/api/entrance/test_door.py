from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import anyio
import pytest

from muster.api.entrance.door import SLOW, WAITING, Busy, open_door

if TYPE_CHECKING:
    from tests.entered import Entered


def test_a_door_offers_what_it_is_given(entered: Entered) -> None:
    door = open_door(entered.house)
    assert door.ways.passwords is None
    assert door.ways.provider is None
    assert door.attempts.request("ana") == 0


def test_what_takes_long_leaves_the_loop_free_and_no_more_than_so_much_waits(entered: Entered) -> None:
    door, go, refused = open_door(entered.house), threading.Event(), []

    async def slow() -> None:
        try:
            await door.slowly(lambda: str(go.wait(10)))
        except Busy as error:
            refused.append(str(error))
            if len(refused) == 3:
                go.set()

    async def run() -> None:
        async with anyio.create_task_group() as group:
            for _ in range(SLOW + WAITING + 3):
                group.start_soon(slow)

    anyio.run(run)
    assert len(refused) == 3
    assert "try again in a few seconds" in refused[0]
    assert door.asking == 0


def test_what_it_raises_comes_through(entered: Entered) -> None:
    def work() -> None:
        msg = "wrong"
        raise PermissionError(msg)

    async def run() -> None:
        await open_door(entered.house).slowly(work)

    with pytest.raises(PermissionError, match="wrong"):
        anyio.run(run)
