from __future__ import annotations

import asyncio
import socket

from muster.gateway.operations.families import Sample
from muster.gateway.operations.workers.link import Figures, Line, Link, Look, Said, Serving


def test_a_worker_tells_looks_and_leaves_with_the_one_that_started_it() -> None:
    done: list[str] = []
    counts = iter(range(100))

    async def look() -> None:
        done.append("looked")

    async def live() -> list[Said]:
        ours, its = socket.socketpair()
        link = Link(its, lambda: (Sample("rows", (), float(next(counts))),), look, lambda: done.append("left"))
        line, heard = await Line.open(ours), list[Said]()
        running = asyncio.get_running_loop().create_task(link.run())
        line.say(Look())
        async for said in line.heard():
            heard.append(said)
            if isinstance(said, Serving):
                link.heard_of_orders()
            if isinstance(said, Look):
                break
        while not done:  # noqa: ASYNC110 - of another process
            await asyncio.sleep(0.01)
        line.close()
        await running
        return heard

    heard = asyncio.run(live())
    assert heard[0] == Figures((Sample("rows", (), 0.0),))
    assert heard[1:] == [Serving(), Look()]
    assert done == ["looked", "left"]


def test_the_last_figures_are_told_at_the_end() -> None:
    async def live() -> list[Said]:
        ours, its = socket.socketpair()
        values = iter([1.0, 7.0])

        async def look() -> None: ...

        link = Link(its, lambda: (Sample("rows", (), next(values)),), look, lambda: None)
        line = await Line.open(ours)
        running = asyncio.get_running_loop().create_task(link.run())
        heard = line.heard()
        found = [await anext(heard), await anext(heard)]
        running.cancel()
        found.append(await anext(heard))
        line.close()
        return found

    last = asyncio.run(live())[-1]
    assert last == Figures((Sample("rows", (), 7.0),))


def test_what_is_no_line_ends_the_link() -> None:
    async def live() -> list[Said]:
        ours, its = socket.socketpair()
        line = await Line.open(ours)
        its.sendall(b'{"type":"serving"}\n{"type":"se')
        its.close()
        heard = [said async for said in line.heard()]
        line.close()
        return heard

    assert asyncio.run(live()) == [Serving()]
