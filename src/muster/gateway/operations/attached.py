"""Attached: what operators asked for beside the gateway's own life: figures, traces, lines, the word of a manager."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass

from muster.gateway.app import Gateway
from muster.gateway.following import Life
from muster.gateway.http.telling import Watch
from muster.gateway.operations.answers import Answers
from muster.gateway.operations.board import Board, Boarding, Write
from muster.gateway.operations.families import Sample
from muster.gateway.operations.figures import figures_of
from muster.gateway.operations.lines import Teller
from muster.gateway.operations.notify import Starter
from muster.gateway.operations.requests import Requests
from muster.gateway.operations.sockets import address
from muster.gateway.operations.traces import Several, Tracer, Traces
from muster.gateway.operations.workers.link import Link
from muster.ports.log import Log


@dataclass(frozen=True, slots=True)
class Attached:
    """Attaches to a life what was asked for; what was not, costs nothing.

    Parameters
    ----------
    life, gateway, log, answers
        What serves.
    tell
        Takes lines for the operator.
    """

    life: Life
    gateway: Gateway
    log: Log
    answers: Answers
    tell: Callable[[str], None]

    def figures(self) -> tuple[Sample, ...]:
        """Tell the figures of the moment."""
        return tuple(figures_of(self.gateway, self.log, self.answers))

    def watch(self, requests: Teller | None, tracer: Tracer | None) -> None:
        """Have each request told, and some traced."""
        watches: list[Watch] = [] if requests is None else [Requests(requests.event)]
        if tracer is not None:
            traces = Traces(self.gateway, tracer)
            watches.append(traces)
            self.life.answer = traces
            self.life.after.append(tracer.close)
        if watches:
            self.gateway.desk.watch = watches[0] if len(watches) == 1 else Several(watches)

    def link(self, control: socket.socket | None) -> None:
        """Tell figures to whoever started this worker, and end with it."""
        if control is None:
            return
        link = Link(control, self.figures, self.life.look_now, lambda: os.kill(os.getpid(), signal.SIGTERM))
        self.life.heard = link.heard_of_orders
        self.life.beside.append(link.run)

    def show(self, listening: socket.socket | None, write: Write) -> None:
        """Show figures on a port of their own."""
        if listening is None:
            return

        async def figures() -> tuple[Sample, ...]:
            """Return what there is to show."""
            return self.figures()

        self.life.beside.append(Boarding(Board(figures, write), listening).run)
        self.tell(f"figures are at http://{address(listening)}/metrics")

    def greet(self, manager: Starter) -> None:
        """Tell the manager that requests are taken, then that the loop turns, and in the end that this ends."""
        if not manager.address:
            return

        async def greet() -> None:
            """Tell it for as long as this lives."""
            manager.ready("requests are taken")
            try:
                while True:
                    await asyncio.sleep(manager.watchdog_s / 3 or 3600.0)
                    manager.alive()
            finally:
                manager.stopping()

        self.life.beside.append(greet)
