from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable

from muster.gateway.operations.notify import Starter
from muster.gateway.operations.workers.supervisor import Supervisor

WORKER = """
import os, signal, socket, sys
if sys.argv[1] == "cannot": sys.exit(2)
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
end = socket.socket(fileno=int(sys.argv[2].partition("=")[2]))
end.sendall(b'{"type":"figures","samples":[["rows",[],1.0,[]],["workers",[],1.0,[]]]}\\n{"type":"serving"}\\n')
if sys.argv[1] == "hears" and os.fork() == 0:
    end.sendall(b'{"type":"look"}\\n')
    end.recv(100)  # what another worker heard of
    end.sendall(b'{"type":"figures","samples":[["rows",[],100.0,[]],["workers",[],1.0,[]]]}\\n')
    os._exit(0)
signal.sigwait([signal.SIGTERM])
"""


def run(how: str, meanwhile: Callable[[Supervisor], Awaitable[None]]) -> tuple[int, list[str]]:
    told: list[str] = []

    async def live() -> int:
        line = [sys.executable, "-c", WORKER, how]
        supervisor = Supervisor(2, lambda _: line, (), Starter(), told.append, first_s=0.01)

        async def work() -> None:
            await meanwhile(supervisor)
            os.kill(os.getpid(), signal.SIGTERM)

        working = asyncio.get_running_loop().create_task(work())
        code = await supervisor.run()
        working.cancel()
        return code

    return asyncio.run(live()), told


async def figure(supervisor: Supervisor, name: str) -> float:
    return sum(sample.value for sample in await supervisor.figures() if sample.family == name)


def test_workers_are_replaced_exchanged_and_ended_and_their_counts_stay() -> None:
    async def meanwhile(supervisor: Supervisor) -> None:
        while await figure(supervisor, "workers") < 2:  # noqa: ASYNC110 - of another process
            await asyncio.sleep(0.01)
        victim = next(iter(supervisor._seats.values()))
        victim.kill()
        while supervisor.restarts < 1 or await figure(supervisor, "workers") < 2:  # noqa: ASYNC110 - of another process
            await asyncio.sleep(0.01)
        assert await figure(supervisor, "rows") == 3
        before = {seat.process.pid for seat in supervisor._seats.values()}
        os.kill(os.getpid(), signal.SIGHUP)
        while before & {seat.process.pid for seat in supervisor._seats.values()}:  # noqa: ASYNC110 - of another process
            await asyncio.sleep(0.01)
        while await figure(supervisor, "workers") < 2:  # noqa: ASYNC110 - of another process
            await asyncio.sleep(0.01)
        assert await figure(supervisor, "rows") == 5
        assert supervisor.restarts == 1

    code, told = run("serves", meanwhile)
    assert code == 0
    assert any("ended (signal 9)" in line for line in told)


def test_workers_that_cannot_begin_are_not_tried_for_ever() -> None:
    async def meanwhile(supervisor: Supervisor) -> None:
        del supervisor
        await asyncio.sleep(60)

    assert run("cannot", meanwhile)[0] == 2


def test_what_one_worker_heard_of_is_passed_on_to_the_others_and_not_to_itself() -> None:
    async def meanwhile(supervisor: Supervisor) -> None:
        async with asyncio.timeout(20):
            while await figure(supervisor, "rows") <= 100:  # noqa: ASYNC110 - of other processes
                await asyncio.sleep(0.01)

    assert run("hears", meanwhile)[0] == 0
