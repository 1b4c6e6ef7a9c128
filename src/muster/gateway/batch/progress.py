"""Progress: how a run comes on, on a terminal, and how it went, in the end."""

from __future__ import annotations

import sys
import time
from typing import Any

from muster.gateway.batch.checkpoint import Checkpoint

EVERY_SECONDS = 0.25


class Progress:
    """Writes one line over and over on a terminal, and nothing elsewhere.

    Parameters
    ----------
    total
        Rows of the file; None where it does not say.
    done
        Rows that an earlier life scored.
    """

    def __init__(self, total: int | None, done: int = 0, *, quiet: bool = False) -> None:
        self._total = total
        self._first = done
        self._shown = 0.0
        self._live = sys.stderr.isatty() and not quiet
        self._began = time.monotonic()

    @property
    def seconds(self) -> float:
        """Since it began."""
        return max(time.monotonic() - self._began, 1e-9)

    def speed(self, rows: int) -> float:
        """Return rows a second of this life."""
        return (rows - self._first) / self.seconds

    def __call__(self, at: Checkpoint) -> None:
        """Show how far it has come."""
        if not self._live or time.monotonic() - self._shown < EVERY_SECONDS:
            return
        self._shown = time.monotonic()
        sys.stderr.write(f"\r\x1b[2K{self.line(at)}")
        sys.stderr.flush()

    def line(self, at: Checkpoint) -> str:
        """Return the line."""
        speed = self.speed(at.rows)
        of = f" of {self._total:,}" if self._total is not None else ""
        words = f"{at.rows:,}{of} rows, {speed:,.0f} a second, {at.refused:,} refused"
        if self._total is None or not speed:
            return words
        left = round((self._total - at.rows) / speed)
        return f"{words}, {left // 60}:{left % 60:02d} left"

    def close(self) -> None:
        """Clear the line."""
        if self._live:
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()


def summary(end: Checkpoint, progress: Progress, version: str, output: str) -> tuple[list[str], dict[str, Any]]:
    """Return how a run went: lines for people, and the same for machines."""
    adverse = end.rows - end.refused - end.favoured - end.referred
    seconds = round(progress.seconds, 3)
    speed = round(progress.speed(end.rows))
    counts = f"{end.favoured:,} favourable, {adverse:,} adverse, {end.referred:,} for a person, {end.refused:,} refused"
    where = "standard output" if output == "-" else output
    lines = [
        f"{end.rows:,} rows by {version[:19]}: {counts}",
        f"{speed:,} rows a second; run {end.run}; into {where}",
    ]
    figures = {
        "run": end.run,
        "deployment": end.errand.deployment,
        "version": version,
        "rows": end.rows,
        "favourable": end.favoured,
        "adverse": adverse,
        "referred": end.referred,
        "refused": end.refused,
        "seconds": seconds,
        "rows_per_second": speed,
        "output": output,
    }
    return lines, figures
