"""Compaction: closed segments of the inference log are taken into Delta tables by day, each exactly once."""

from __future__ import annotations

from dataclasses import dataclass

from muster.lifecycle.desk.action import action, view
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.models.logged import sealing_of
from muster.ports.log import Lake
from muster.records.people import Role


@dataclass(frozen=True, slots=True)
class Compacted:
    """What came into a table."""

    deployment: str
    stream: str
    segments: int
    """Segments that were taken now."""
    rows: int
    """Rows that they brought."""
    in_table: int
    """Rows that are in the table by now."""


@dataclass(frozen=True, slots=True)
class LogLine:
    """One stream of a deployment's log."""

    deployment: str
    stream: str
    segments: int
    """Closed segments."""
    in_tables: int
    """How many of them are in the table."""
    rows: int
    """Rows of the table."""


@action("log compact", roles=(Role.OPERATOR, Role.ADMIN))
def compact(context: Context) -> tuple[Compacted, ...]:
    """Take what gateways have closed and sealed into Delta tables; what is there already is not taken again.

    Segments that only a key opens stay as they are: in tables, everybody could read them.

    Raises
    ------
    Suspicious
        If a segment is not what its gateway sealed: nothing of it is taken.
    """
    lake = _lake(context)
    context.house.ledger.refresh()
    found: dict[tuple[str, str], list[int]] = {}
    streams = {}
    for part in context.house.log.parts(sealing_of(context)):
        if lake.has(part.deployment, part.stream, part.name):
            continue
        if part.locked:
            context.progress(f"left as it is: {part.name} is sealed with a key, and tables are not")
            continue
        rows = lake.take(part.deployment, part.stream, part.name, part.read())
        if rows:
            found.setdefault((part.deployment, part.stream.value), []).append(rows)
            streams[part.stream.value] = part.stream
            context.progress(f"taken: {part.name}, {rows:,} rows")
    return tuple(
        Compacted(deployment, stream, len(rows), sum(rows), lake.rows(deployment, streams[stream]))
        for (deployment, stream), rows in sorted(found.items())
    )


@view("log list", roles=(Role.OPERATOR, Role.ADMIN, Role.AUDITOR))
def listed(context: Context) -> tuple[LogLine, ...]:
    """List the streams of the inference log: closed segments, how many are in tables, and the rows there."""
    lake = _lake(context)
    context.house.ledger.refresh()
    counted: dict[tuple[str, str], list[bool]] = {}
    streams = {}
    for part in context.house.log.parts():
        taken = lake.has(part.deployment, part.stream, part.name)
        counted.setdefault((part.deployment, part.stream.value), []).append(taken)
        streams[part.stream.value] = part.stream
    return tuple(
        LogLine(deployment, stream, len(taken), sum(taken), lake.rows(deployment, streams[stream]))
        for (deployment, stream), taken in sorted(counted.items())
    )


def _lake(context: Context) -> Lake:
    if context.house.lake is None:
        msg = "this house keeps no tables of the log: pip install 'muster-ml[lake]'"
        raise LookupError(msg)
    return context.house.lake
