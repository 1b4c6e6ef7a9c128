"""Notify: what a service manager is told of this process, as sd_notify(3) says: a datagram, and no library."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import MutableMapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Starter:
    """Who started this process, if it wants to be told.

    Parameters
    ----------
    address
        Of its socket; empty: nobody wants to be told.
    watchdog_s
        Seconds without a word after which it takes this process for dead; 0: it does not watch.
    """

    address: str = ""
    watchdog_s: float = 0.0

    @classmethod
    def found(cls, environment: MutableMapping[str, str] | None = None) -> Starter:
        """Read the environment, and take the words out of it: children are none of the manager's."""
        given = os.environ if environment is None else environment
        told = {name: given.pop(name, "") for name in ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID")}
        watched = told["WATCHDOG_USEC"].isdigit() and told["WATCHDOG_PID"] in ("", str(os.getpid()))
        return cls(told["NOTIFY_SOCKET"], int(told["WATCHDOG_USEC"]) / 1e6 if watched else 0.0)

    def ready(self, words: str) -> None:
        """Say that requests are taken."""
        self._say(f"READY=1\nSTATUS={words}")

    def reloading(self) -> None:
        """Say that processes are being exchanged; :meth:`ready` ends that."""
        self._say(f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def stopping(self) -> None:
        """Say that the end has begun."""
        self._say("STOPPING=1")

    def alive(self) -> None:
        """Say that the loop turns."""
        self._say("WATCHDOG=1")

    def _say(self, words: str) -> None:
        if not self.address:
            return
        # A name that begins with @ is one of Linux's abstract sockets.
        address = f"\0{self.address[1:]}" if self.address.startswith("@") else self.address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
                out.settimeout(1.0)
                out.sendto(words.encode(), address)
        except OSError:
            return  # nobody there any more: that must not take the gateway along
