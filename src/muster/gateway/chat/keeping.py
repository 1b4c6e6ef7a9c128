"""Keeping: a line of the log for every answer. What cannot be logged holds up the next answer, and is not lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from muster.gateway.chat.hosted import Answered
from muster.guards.stream import Finding
from muster.ports.clock import Clock
from muster.ports.log import Log, Source, Stream

MOST_WAITING = 1_000
"""Lines that wait for the log to take them again: as many answers can be under way when it stops."""


@dataclass(slots=True)
class Keeper:
    """Writes what became of requests.

    Parameters
    ----------
    log
        Takes the lines.
    clock, tell
        The moment; lines for the operator.
    """

    log: Log
    clock: Clock
    tell: Callable[[str], None]
    _waiting: list[Answered] = field(default_factory=list)

    def keep(self, answered: Answered) -> None:
        """Log one answer; where the log cannot take it, it waits."""
        self._waiting.append(answered)
        try:
            self.catch_up()
        except OSError as error:
            self.tell(f"the log cannot take what was answered, so nothing more is: {error}")
            del self._waiting[MOST_WAITING:]

    def catch_up(self) -> None:
        """Log what waits; raise OSError while the log cannot take it: then nothing may be answered."""
        while self._waiting:
            self._write(self._waiting[0])
            del self._waiting[0]

    def _write(self, answered: Answered) -> None:
        hosted = answered.hosted
        row = {
            "request_id": answered.request_id,
            "at": int(self.clock().timestamp() * 1_000_000),
            "protocol": answered.protocol.value,
            "outcome": answered.outcome,
            "input_tokens": answered.input_tokens,
            "output_tokens": answered.output_tokens,
            "cost": answered.cost,
            "findings": [_line(finding) for finding in answered.findings],
            "first_us": answered.first_us,
            "latency_us": answered.latency_us,
            "characters": answered.received_characters,
        }
        source = Source(Stream.ANSWERS, hosted.deployment, hosted.version, hosted.version)
        self.log.append(source, {name: [value] for name, value in row.items()})


def _line(finding: Finding) -> str:
    """Return guard, what and action; of a package also its name, by which recurring inventions are counted."""
    named = finding.judgement
    name = f" {named.reference.ecosystem.value}:{named.reference.name}" if named is not None else ""
    return f"{finding.guard} {finding.what} {finding.action.value}{name}"
