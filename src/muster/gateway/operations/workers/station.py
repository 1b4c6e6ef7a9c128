"""Station: where a process stands among those of its gateway, as the one that started it says."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass

from muster.gateway.operations.sockets import adopted


@dataclass(frozen=True, slots=True)
class Station:
    """A worker's place; by default that of a process that is alone."""

    number: int = 0
    """From 1; 0: it is alone."""
    count: int = 1
    """How many workers there are."""
    listening: socket.socket | None = None
    """The port, open."""
    control: socket.socket | None = None
    """Its end of the link to whoever started it."""

    @classmethod
    def read(cls, worker: str, listening: str, control: str) -> Station:
        """Read the flags of a worker: ``2/4`` and two descriptors; raise ValueError where they are none."""
        number, _, count = worker.partition("/")
        if not all(text.isascii() and text.isdigit() for text in (number, count, listening, control)):
            msg = "--worker, --listening and --control are set by a gateway that starts workers, and by nobody else"
            raise ValueError(msg)
        end = int(control)
        try:
            os.set_inheritable(end, False)  # noqa: FBT003 - the name says it
            link = socket.socket(fileno=end)
        except OSError as error:
            msg = f"--control: descriptor {end} is no socket ({error.strerror})"
            raise ValueError(msg) from error
        return cls(int(number), int(count), adopted(int(listening)), link)
