"""Delta tables of the log: one for each deployment and stream, by day; each segment is in them exactly once.

A segment is taken in one commit of the table, and that commit names it as a transaction of its own (Delta protocol,
"transaction identifiers"). So whoever is killed has either taken it or not, and whoever comes again can tell. Two at a
time are kept apart by a lock on the folder: the writer of deltalake 1.6 lets two appends with one identifier both pass.
"""

from __future__ import annotations

import fcntl
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pyarrow as pa
import pyarrow.compute as pc

from muster.ports.log import Stream, Taken

SEGMENT, BATCH, DAY = "segment", "batch", "day"
"""Columns of a table beside those of the log: which segment and batch a row comes from, and the day, in UTC."""

ONCE = 1
"""Version of every segment's transaction: a segment never changes."""


class DeltaLake:
    """The tables in one folder; needs the extra ``lake``.

    Parameters
    ----------
    folder
        Where the tables are.

    Raises
    ------
    ModuleNotFoundError
        If the extra is not installed.
    """

    def __init__(self, folder: Path) -> None:
        try:
            import deltalake  # noqa: F401 - seen here, so that nothing is begun without it
        except ModuleNotFoundError as error:
            msg = "Delta tables need the extra `lake`: pip install 'muster-ml[lake]'"
            raise ModuleNotFoundError(msg, name=error.name) from error
        self._folder = folder

    def has(self, deployment: str, stream: Stream, segment: str) -> bool:
        """Tell whether a segment is in its table."""
        table = self._table(deployment, stream)
        return table is not None and table.transaction_version(segment) is not None

    def take(self, deployment: str, stream: Stream, segment: str, batches: Iterable[tuple[bytes, Any]]) -> int:
        """Put a segment into its table; return how many rows it brought, 0 where it was there already.

        Batches that came with another segment before, because a writer was not sure of its disk, are passed over.

        Raises
        ------
        OSError
            If the table cannot be written.
        """
        with self._alone():
            return self._take(deployment, stream, segment, batches)

    def _take(self, deployment: str, stream: Stream, segment: str, batches: Iterable[tuple[bytes, Any]]) -> int:
        from deltalake import CommitProperties, Transaction, write_deltalake
        from deltalake.exceptions import DeltaError

        if self.has(deployment, stream, segment):
            return 0
        parts = [_ready(segment, name, batch) for name, batch in batches]
        known = self._known(deployment, stream, parts)
        fresh = [part for part in parts if part.num_rows and part.column(BATCH)[0].as_py() not in known]
        if not fresh:
            return 0
        joined = pa.concat_tables(fresh)
        try:
            write_deltalake(
                self._place(deployment, stream),
                joined,
                mode="append",
                partition_by=[DAY],
                schema_mode="merge",
                commit_properties=CommitProperties(app_transactions=[Transaction(segment, ONCE)]),
            )
        except DeltaError as error:
            msg = f"segment {segment} was not taken into the table of {deployment}: {error}"
            raise OSError(msg) from error
        return int(joined.num_rows)

    def drop(self, deployment: str, stream: Stream, segment: str) -> int:
        """Delete the rows of a segment, and the files that held them; return how many rows went."""
        with self._alone():
            return self._drop(deployment, stream, segment)

    def _drop(self, deployment: str, stream: Stream, segment: str) -> int:
        table = self._table(deployment, stream)
        if table is None:
            return 0
        name = segment.replace("'", "''")
        gone = table.delete(f"{SEGMENT} = '{name}'").get("num_deleted_rows") or 0
        # At once: what was kept for long enough shall not be found in an older version of the table.
        table.vacuum(retention_hours=0, enforce_retention_duration=False, dry_run=False)
        return int(gone)

    def rows(self, deployment: str, stream: Stream) -> int:
        """Return how many rows a table has; 0 where there is none."""
        table = self._table(deployment, stream)
        return int(table.to_pyarrow_dataset().count_rows()) if table is not None else 0

    def segments(self) -> list[Taken]:
        """Return the segments that have rows in tables, of all deployments, by name."""
        found = []
        for place in sorted(self._folder.glob("d-*/*/_delta_log")):
            stream, deployment = Stream(place.parent.name), unquote(place.parent.parent.name.removeprefix("d-"))
            table = self._table(deployment, stream)
            rows = table.to_pyarrow_dataset().to_table(columns=[SEGMENT, "at"])
            last = rows.group_by(SEGMENT).aggregate([("at", "max")]).to_pylist()
            found += [Taken(row[SEGMENT], deployment, stream, row["at_max"]) for row in last]
        return sorted(found, key=lambda taken: taken.name)

    def read(
        self, deployment: str, stream: Stream, segments: Collection[str], seen: set[bytes] | None = None
    ) -> Iterator[Any]:
        """Yield the rows of some segments as they were logged; ids of their batches are added to ``seen``."""
        table = self._table(deployment, stream)
        if table is None or not segments:
            return
        wanted = pc.field(SEGMENT).isin(list(segments))
        for fragment in table.to_pyarrow_dataset().get_fragments():
            # What a file lacks was not logged; read as part of the table, it would look like a value that is missing.
            names = fragment.physical_schema.names
            for batch in fragment.to_batches(schema=fragment.physical_schema, filter=wanted):
                if batch.num_rows:
                    if seen is not None:
                        seen.update(name.encode() for name in pc.unique(batch.column(BATCH)).to_pylist())
                    yield batch.select([name for name in names if name not in (SEGMENT, BATCH, DAY)])

    def batches(self, deployment: str, stream: Stream) -> Iterator[Any]:
        """Yield the record batches of a table."""
        table = self._table(deployment, stream)
        if table is not None:
            yield from table.to_pyarrow_dataset().to_batches()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Wait until nobody else writes; the lock ends with the process, however that ends."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / ".lock").open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _known(self, deployment: str, stream: Stream, parts: list[pa.Table]) -> set[str]:
        """Return the ids of batches of these days that the table holds."""
        table = self._table(deployment, stream)
        days = [day for part in parts for day in pc.unique(part.column(DAY)).to_pylist()]
        if table is None or not days:
            return set()
        found = table.to_pyarrow_dataset().to_table(columns=[BATCH], filter=pc.field(DAY).isin(days))
        return set(pc.unique(found.column(BATCH)).to_pylist())

    def _place(self, deployment: str, stream: Stream) -> Path:
        return self._folder / f"d-{quote(deployment, safe='')}" / stream.value

    def _table(self, deployment: str, stream: Stream) -> Any:
        from deltalake import DeltaTable

        place = self._place(deployment, stream)
        return DeltaTable(place) if DeltaTable.is_deltatable(str(place)) else None


def _ready(segment: str, batch_id: bytes, batch: Any) -> pa.Table:
    """Return a batch as rows of the table: plain text for dictionaries, and where each row comes from."""
    table = pa.Table.from_batches([batch])
    for place, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            plain = table.column(place).cast(field.type.value_type)
            table = table.set_column(place, field.name, plain)
    size = table.num_rows
    days = pc.strftime(table.column("at"), format="%Y-%m-%d")
    table = table.append_column(SEGMENT, pa.repeat(segment, size)).append_column(
        BATCH, pa.repeat(batch_id.decode(), size)
    )
    return table.append_column(DAY, days).replace_schema_metadata(None)
