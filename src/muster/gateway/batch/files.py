"""Files: what a run needs of the file that it reads, the one that it writes, and its log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from muster.guards.guard import Rows
from muster.ports.log import Source
from muster.records.data import Column
from muster.records.logs.segments import Aside


class Piece(Protocol):
    """Some rows of a file, read."""

    @property
    def rows(self) -> Rows:
        """The inputs."""
        ...

    @property
    def faults(self) -> Mapping[int, str]:
        """Rows that cannot be read, and why."""
        ...

    @property
    def kept(self) -> Any:
        """The columns that are kept, as an Arrow record batch."""
        ...


class Input(Protocol):
    """A file of rows."""

    names: Sequence[str]
    rows: int | None

    def schema_of(self, names: Sequence[str]) -> Any:
        """Return the schema of some columns; raise ValueError where one is not there."""
        ...

    def digest(self) -> str:
        """Return the digest of all of it, empty of a pipe."""
        ...

    def batches(self, columns: Sequence[str], start: int, size: int) -> Iterator[Any]:
        """Yield record batches from a row on; raise ValueError where the file is damaged."""
        ...

    def datatype(self, column: Column) -> str:
        """Return what a column holds, in the words of the Open Inference Protocol."""
        ...

    def piece(self, batch: Any, inputs: Sequence[Column], keep: Sequence[str]) -> Piece:
        """Read a record batch; from any thread."""
        ...


class Sheet(Protocol):
    """Makes record batches of results."""

    def batch(self, kept: Any, accepted: Any, columns: Mapping[str, Any]) -> Any:
        """Return one record batch; from any thread."""
        ...


class Output(Protocol):
    """Where results go."""

    def replay(self, parts: Sequence[str]) -> None:
        """Take the parts of an earlier life."""
        ...

    def write(self, batch: Any) -> None:
        """Append rows."""
        ...

    def part(self) -> str:
        """Bring a part to disk and return its digest, empty where there is none."""
        ...

    def finish(self) -> None:
        """Put the file in its place."""
        ...

    def abandon(self) -> None:
        """Let go of it; what came to disk as parts stays."""
        ...


class RunLog(Protocol):
    """The log of a run."""

    def start(self) -> None:
        """Prepare; raise OSError where nothing could be logged."""
        ...

    def batch(self, source: Source, columns: Mapping[str, Any], size: int) -> Any:
        """Return rows as the log holds them; from any thread."""
        ...

    def write(self, source: Source, batch: Any, part: int) -> None:
        """Append rows to a part."""
        ...

    def part(self) -> list[Aside]:
        """Bring a part to disk; it does not count yet."""
        ...

    def publish(self, segments: Sequence[Aside]) -> None:
        """Make segments count, those that do not yet."""
        ...

    def discard(self, kept: Sequence[Aside]) -> None:
        """Remove what did not come to count."""
        ...

    def abandon(self) -> None:
        """Let go of the part that is being written."""
        ...
