"""Link: what a worker and the process that started it say to each other: a line of JSON at a time, by a socket pair."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import msgspec

from muster.gateway.operations.families import Sample

EVERY_S = 1.0
"""Seconds between two tellings of a worker's figures; a worker that is killed takes what came since with it."""

LONGEST = 8 * 2**20
"""Bytes of a line: the figures of some thousand deployments."""


class Serving(msgspec.Struct, tag="serving", frozen=True):
    """A worker takes requests."""


class Figures(msgspec.Struct, tag="figures", frozen=True):
    """What a worker tells of itself."""

    samples: tuple[Sample, ...]


class Look(msgspec.Struct, tag="look", frozen=True):
    """There are newer orders in the outbox, as a worker has heard."""


Said = Serving | Figures | Look

_ENCODE = msgspec.json.Encoder().encode
_DECODE = msgspec.json.Decoder(Said).decode


class Line:
    """One end of a link.

    Parameters
    ----------
    reader, writer
        Of the socket.
    """

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def open(cls, end: socket.socket) -> Line:
        """Take one end of a socket pair."""
        end.setblocking(False)  # noqa: FBT003 - the standard library's own
        return cls(*await asyncio.open_connection(sock=end, limit=LONGEST))

    def say(self, said: Said) -> None:
        """Send one thing; what nobody reads any more is dropped."""
        if not self._writer.is_closing():
            self._writer.write(_ENCODE(said) + b"\n")

    async def heard(self) -> AsyncIterator[Said]:
        """Yield what the other end says, until it is gone."""
        while True:
            try:
                line = await self._reader.readline()
            except (OSError, ValueError):  # reset, or a line without end: the other end is not what it was
                return
            if not line.endswith(b"\n"):
                return
            yield _DECODE(line)

    def close(self) -> None:
        """Let go of this end."""
        self._writer.close()


@dataclass(slots=True)
class Link:
    """A worker's end.

    Parameters
    ----------
    end
        Its socket.
    figures
        Tells the figures of the moment.
    look
        Looks at the outbox now.
    leave
        Ends this process in good order: whoever started it is gone, and nobody else would.
    """

    end: socket.socket
    figures: Callable[[], tuple[Sample, ...]]
    look: Callable[[], Awaitable[None]]
    leave: Callable[[], None]
    _line: Line | None = field(default=None, init=False)

    async def run(self) -> None:
        """Tell and hear, until this process ends or the other end is gone."""
        self._line = line = await Line.open(self.end)
        line.say(Figures(self.figures()))
        line.say(Serving())
        try:
            async with asyncio.TaskGroup() as group:
                telling = group.create_task(self._tell(line))
                async for said in line.heard():
                    if isinstance(said, Look):
                        await self.look()
                telling.cancel()
        finally:
            line.say(Figures(self.figures()))  # the last: they are added to those of the workers that follow
            line.close()
        self.leave()

    def heard_of_orders(self) -> None:
        """Pass on that there are newer orders: only one worker was sent them."""
        if self._line is not None:
            self._line.say(Look())

    async def _tell(self, line: Line) -> None:
        while True:
            await asyncio.sleep(EVERY_S)
            line.say(Figures(self.figures()))
