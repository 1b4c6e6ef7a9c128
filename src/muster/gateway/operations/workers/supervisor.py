"""Supervisor: keeps several workers at one port alive, exchanges them without dropping a request, and ends them well.

It opens the port and hands it to the workers, so that while one of them is down, or all are exchanged, those who
connect wait a moment instead of being refused. It proves nothing and answers nobody but those who ask for figures.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from muster.gateway.operations.families import Sample, joined, kept
from muster.gateway.operations.notify import Starter
from muster.gateway.operations.usage import of_process
from muster.gateway.operations.workers.seat import Seat

FIRST_S, MOST_S = 0.5, 30.0
"""Seconds before a worker that ended by itself is started again; twice as long each time, up to the second."""

STEADY_S = 60.0
"""A worker that ran for so long failed anew, not still."""

SILENT_S = 30.0
"""A worker that says nothing for so long hangs, and is ended."""

READY_S = 60.0
"""How long a new worker may take to serve, before the exchange of workers is given up."""

ENDING_S = 30.0
"""How long workers may take to end, before they are killed; they answer what is under way for 10 of them."""

STEP_S = 0.05
"""Between two looks at processes."""

CANNOT = 2
"""What a worker ends with that cannot begin: another try would not help."""


@dataclass(slots=True)
class Supervisor:
    """Keeps workers.

    Parameters
    ----------
    count
        How many.
    command
        Returns the command line of the worker of a number.
    handed
        Descriptors that workers are handed open.
    manager
        Told what becomes of this process.
    tell
        Takes lines for the operator.
    first_s
        Seconds before a worker that ended by itself is started again, for the first time.
    """

    count: int
    command: Callable[[int], Sequence[str]]
    handed: Sequence[int]
    manager: Starter
    tell: Callable[[str], None]
    first_s: float = FIRST_S
    restarts: int = 0
    """Workers that ended by themselves and were started again."""
    _seats: dict[int, Seat] = field(default_factory=dict)
    _numbers: set[int] = field(default_factory=set)
    _past: list[Sample] = field(default_factory=list)
    """What workers had counted that are no more."""
    _ending: asyncio.Event = field(default_factory=asyncio.Event)
    _reload: asyncio.Event = field(default_factory=asyncio.Event)
    _hopeless: bool = False
    _unclean: bool = False

    async def run(self) -> int:
        """Keep workers until a signal; return 0 after a clean end, 1 if one had to be killed, 2 if none could begin."""
        loop = asyncio.get_running_loop()
        for ending in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(ending, self._ending.set)
        loop.add_signal_handler(signal.SIGHUP, self._reload.set)
        async with asyncio.TaskGroup() as group:
            for _ in range(self.count):
                group.create_task(self._keep())
            watching = [group.create_task(work) for work in (self._watch(), self._greet(), self._exchange(group))]
            await self._ending.wait()
            self.manager.stopping()
            for task in watching:
                task.cancel()
            await self._end()
        return CANNOT if self._hopeless else int(self._unclean)

    async def figures(self) -> list[Sample]:
        """Tell the figures of all workers together, with those of this process."""
        tellings = [seat.samples for seat in self._seats.values() if seat.serving.is_set()]
        own = [*of_process(), Sample("worker_restarts", value=float(self.restarts)), Sample("workers")]
        return joined([own, [] if tellings else [Sample("ready")], self._past, *tellings])

    async def _keep(self, seat: Seat | None = None) -> None:
        """Keep one place filled: another worker follows whenever one ends by itself."""
        wait, clock = self.first_s, asyncio.get_running_loop().time
        while not self._ending.is_set():
            began = clock()
            if await self._lived(seat) or self._ending.is_set():
                return
            seat = None
            wait = self.first_s if clock() - began > STEADY_S else wait
            self.restarts += 1
            self.tell(f"WARNING: a worker ended by itself: another one is started in {wait:g} seconds")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), wait)
            wait = min(2 * wait, MOST_S)

    async def _lived(self, seat: Seat | None) -> bool:
        """Live with a worker until it has ended; tell whether it ended because it was told to."""
        try:
            seat = seat or await self._begin()
        except OSError as error:
            self.tell(f"WARNING: no worker could be started: {error}")
            return False
        code = await seat.ended()
        del self._seats[seat.number]
        self._numbers.discard(seat.number)
        self._past = joined([self._past, kept(seat.samples)])
        if seat.leaving or self._ending.is_set():
            self._unclean = self._unclean or code != 0
        elif code == CANNOT and not seat.serving.is_set() and not self._past:
            self._hopeless = True
            self._ending.set()
        else:
            self.tell(f"WARNING: worker {seat.number} ended ({_said(code)})")
        return seat.leaving

    async def _begin(self) -> Seat:
        number = next(number for number in itertools.count(1) if number not in self._numbers)
        self._numbers.add(number)
        try:
            seat = await Seat.taken(number, self.command(number), self.handed)
        except OSError:
            self._numbers.discard(number)
            raise
        self._seats[number] = seat
        seat.hears(self._pass_on)
        if self._ending.is_set():
            seat.leave()
        return seat

    def _pass_on(self, heard: Seat) -> None:
        for seat in self._seats.values():
            if seat is not heard:
                seat.look()

    async def _greet(self) -> None:
        """Tell the manager once all workers take requests."""
        while sum(seat.serving.is_set() for seat in self._seats.values()) < self.count:  # noqa: ASYNC110 - of several
            await asyncio.sleep(STEP_S)
        self.tell(f"{self.count} workers serve")
        self.manager.ready(f"{self.count} workers serve")

    async def _watch(self) -> None:
        """Tell the manager that this loop turns, and end workers whose loop does not."""
        clock, step = asyncio.get_running_loop().time, min(1.0, self.manager.watchdog_s / 3 or 1.0)
        while True:
            await asyncio.sleep(step)
            self.manager.alive()
            for seat in self._seats.values():
                if seat.serving.is_set() and clock() - seat.heard_at > SILENT_S:
                    self.tell(f"WARNING: worker {seat.number} said nothing for {SILENT_S:g} seconds: it is ended")
                    seat.kill()

    async def _exchange(self, group: asyncio.TaskGroup) -> None:
        """Exchange all workers, whenever that is asked for: each new one serves before an old one ends."""
        while True:
            await self._reload.wait()
            self._reload.clear()
            self.manager.reloading()
            self.tell("workers are exchanged, one by one")
            done = True
            for old in [seat for seat in self._seats.values() if seat.serving.is_set()]:
                done = done and await self._exchanged(old, group)
            self.tell("all workers are new" if done else "WARNING: a new worker did not serve: the old ones go on")
            self.manager.ready(f"{len(self._seats)} workers serve")

    async def _exchanged(self, old: Seat, group: asyncio.TaskGroup) -> bool:
        new = await self._begin()
        new.leaving = True  # until it serves: if it does not come to that, nothing follows it
        keeping = group.create_task(self._keep(new))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(READY_S):
                while not (new.serving.is_set() or keeping.done()):  # noqa: ASYNC110 - either of two
                    await asyncio.sleep(STEP_S)
        if not new.serving.is_set():
            new.kill()
            return False
        new.leaving = False
        old.leave()
        await old.process.wait()
        return True

    async def _end(self) -> None:
        """End all workers: those that do not end in time are killed."""
        for seat in self._seats.values():
            seat.leave()
        until = asyncio.get_running_loop().time() + ENDING_S
        while self._seats and asyncio.get_running_loop().time() < until:  # noqa: ASYNC110 - of several processes
            await asyncio.sleep(STEP_S)
        for seat in self._seats.values():
            self.tell(f"WARNING: worker {seat.number} did not end within {ENDING_S:g} seconds: it is killed")
            seat.kill()


def _said(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
