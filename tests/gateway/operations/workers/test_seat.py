from __future__ import annotations

import asyncio
import sys

from muster.gateway.operations.families import Sample
from muster.gateway.operations.workers.seat import Seat

TALKS = """
import socket, sys, signal
end = socket.socket(fileno=int(sys.argv[1].partition("=")[2]))
end.sendall(b'{"type":"figures","samples":[["rows",[],3.0,[]]]}\\n{"type":"serving"}\\n{"type":"look"}\\n')
assert b"look" in end.recv(100)
signal.sigwait([signal.SIGTERM])
"""
BLOCKS = "import signal; signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])\n"


def test_a_seat_hears_its_worker_and_ends_it() -> None:
    async def live() -> None:
        seat = await Seat.taken(3, [sys.executable, "-c", BLOCKS + TALKS], [])
        asked: list[Seat] = []
        seat.hears(asked.append)
        await asyncio.wait_for(seat.serving.wait(), 20)
        while not asked:  # noqa: ASYNC110 - of another process
            await asyncio.sleep(0.01)
        assert asked == [seat]
        assert seat.samples == (Sample("rows", (), 3.0),)
        seat.look()
        seat.leave()
        assert await asyncio.wait_for(seat.ended(), 20) == 0
        assert seat.leaving
        seat.kill()  # it is gone: that harms nobody

    asyncio.run(live())
