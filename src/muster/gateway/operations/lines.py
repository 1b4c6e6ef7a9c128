"""Lines: what a gateway tells its operator, as text or as one JSON object a line. Never a value of a request."""

from __future__ import annotations

import sys
from typing import Any, TextIO

import msgspec

from muster.gateway.http.telling import Line
from muster.ports.clock import Clock

_JSON = msgspec.json.Encoder().encode


class Teller:
    """Writes lines.

    Parameters
    ----------
    form
        ``text``, or ``json``.
    clock
        The moment that lines in JSON carry.
    worker
        Number of this process among several; 0: it is the only one.
    out
        Where to; by default, standard error.
    """

    def __init__(self, form: str, clock: Clock, worker: int = 0, out: TextIO | None = None) -> None:
        self._form = form
        self._clock = clock
        self._worker = worker
        self._out = out
        self._failed = 0

    def __call__(self, line: str) -> None:
        """Write one line; what was read in the outbox can neither begin another nor move the cursor."""
        shown = "".join(c if c.isprintable() else " " for c in line)
        if self._form == "text":
            self._write(f"gateway{f'/{self._worker}' if self._worker else ''}: {shown}\n")
            return
        level, what = (line.level, line.what) if isinstance(line, Line) else (_level(line), "line")
        self.event(what, level, line=shown, **(line.told if isinstance(line, Line) else {}))

    def event(self, what: str, level: str = "info", **told: Any) -> None:
        """Write an object: when, how grave, what, and more about it."""
        worker = {"worker": self._worker} if self._worker else {}
        known = {"at": f"{self._clock():%Y-%m-%dT%H:%M:%S.%fZ}", "level": level, "what": what}
        self._write(_JSON({**known, **worker, **told}).decode() + "\n")

    def _write(self, text: str) -> None:
        """Write, and never fail: a disk that is full, or a reader that is gone, must not take answers along."""
        out, failed = self._out or sys.stderr, self._failed
        try:
            out.write(text)
            out.flush()
        except (OSError, ValueError):
            self._failed += 1
            return
        if failed:
            self._failed = 0
            self(
                f"WARNING: {failed} lines before this one met a disk or a reader that took nothing; some may be missing"
            )


def _level(line: str) -> str:
    """Tell how grave a line is that does not say so itself."""
    if "REFUSED" in line or (line.startswith("ALERT") and "(critical)" in line):
        return "error"
    return "warning" if line.startswith(("WARNING", "ALERT")) else "info"
