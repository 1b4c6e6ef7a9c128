"""Seat: one worker as the process that started it sees it: its number, its process, and what it last told."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from muster.gateway.operations.families import Sample
from muster.gateway.operations.workers.link import Figures, Line, Look, Serving

LAST_S = 1.0
"""How long the last words of a worker are waited for, once it has ended."""


@dataclass(slots=True)
class Seat:
    """A worker.

    Parameters
    ----------
    number
        From 1; no two that live at once have the same.
    process
        Its process.
    line
        The link to it.
    """

    number: int
    process: asyncio.subprocess.Process
    line: Line
    samples: Sequence[Sample] = ()
    """What it last told."""
    serving: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once it takes requests."""
    leaving: bool = False
    """Whether it was told to end."""
    heard_at: float = 0.0
    """When it last said something, by the clock of the loop."""
    _hearing: asyncio.Future[None] | None = None

    @classmethod
    async def taken(cls, number: int, command: Sequence[str], handed: Sequence[int]) -> Seat:
        """Start a worker.

        Parameters
        ----------
        command
            Its command line, to which the descriptor of its end of the link is added.
        handed
            Descriptors that it is handed open.
        """
        ours, its = socket.socketpair()
        with its:
            process = await asyncio.create_subprocess_exec(
                *command,
                f"--control={its.fileno()}",
                pass_fds=(*handed, its.fileno()),
                stdin=asyncio.subprocess.DEVNULL,
            )
        return cls(number, process, await Line.open(ours), heard_at=asyncio.get_running_loop().time())

    def hears(self, look: Callable[[Seat], None]) -> None:
        """Begin to take what the worker says, until it is gone; ``look`` is told that it heard of newer orders."""
        self._hearing = asyncio.ensure_future(self._hear(look))  # noqa: TID251 - held here, and ends with the worker

    async def _hear(self, look: Callable[[Seat], None]) -> None:
        async for said in self.line.heard():
            self.heard_at = asyncio.get_running_loop().time()
            if isinstance(said, Figures):
                self.samples = said.samples
            elif isinstance(said, Serving):
                self.serving.set()
            else:
                look(self)

    async def ended(self) -> int:
        """Wait until its process has ended, and all that it said is taken; return its exit code."""
        code = await self.process.wait()
        if self._hearing is not None:
            await asyncio.wait([self._hearing], timeout=LAST_S)
            self._hearing.cancel()
        self.line.close()
        return code

    def look(self) -> None:
        """Have it look at the outbox now."""
        self.line.say(Look())

    def leave(self) -> None:
        """Have it end: take no more, finish, bring its log to disk."""
        self.leaving = True
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        if self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.process.pid, number)
