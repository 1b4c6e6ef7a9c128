"""Patience: a connection whose request does not begin, or whose head does not end, is closed after a while.

Without that, as many silent connections as are let in at once would keep everybody else out for ever.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_SECONDS = 10.0
"""How long a caller may take from connecting, or from a request's first byte, to the end of its head."""


LEAVING_SECONDS = 1.0
"""How long connections without a request stay open while a process ends: one may be on its way already."""


class PatientProtocol(HttpToolsProtocol):
    """HTTP as uvicorn speaks it, with a time limit on the head of a request, and an end that cuts nobody off."""

    _deadline: asyncio.TimerHandle | None = None
    _leaving = False

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._rest()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """Begin to wait for the end of a head."""
        self._wait()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Wait no more: the body has a time limit of its own."""
        self._rest()
        super().on_headers_complete()
        if self._leaving:
            self.cycle.keep_alive = False

    def shutdown(self) -> None:
        """Take one more request where none is under way: who has just connected does not know of the end."""
        if self._idle():
            self._leaving = True
            self.loop.call_later(LEAVING_SECONDS, self._leave)
        else:
            super().shutdown()

    def _leave(self) -> None:
        if self._idle():
            self.transport.close()

    def _idle(self) -> bool:
        cycle: Any = self.cycle  # none before the first request
        return cycle is None or bool(cycle.response_complete)

    def _wait(self) -> None:
        self._rest()
        self._deadline = self.loop.call_later(HEAD_SECONDS, self._close)

    def _rest(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _close(self) -> None:
        self._deadline = None
        if not self.transport.is_closing():
            self.transport.close()
