"""Log: the inference log, columnar, appended by gateways and read by the monitor."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from muster.records.data import Column
from muster.records.logs.segments import LogFigures, LoggedSegment
from muster.records.trust import KeyGrant

FRAMED = b"muster frames 1 "
"""What a sealed segment begins with; then comes the name of the key that opens it."""

INPUT = "input."
"""Prefix of the columns that hold what was asked: ``input.AGE``. No input can hide one of our own columns."""


class Stream(StrEnum):
    """What the rows of a segment are: each names its columns, in their order."""

    DECISIONS = "decisions"
    """One row a decision: ``decision_id``, ``request_id`` (text), ``at`` (timestamp, UTC), ``score`` (float64),
    ``favourable`` (bool, null where it was left to a person), ``decision`` (text), ``flags`` (list of text), ``guards``
    (text, each guard's ruling), ``reasons`` (list of text, codes), ``scored_us`` (int64, encoding and model),
    ``latency_us`` (int64), ``deployment``, ``version``, ``served`` (text, dictionary-encoded), and every input."""
    PERSONAL = "decisions-personal"
    """Inputs that a policy keeps apart, one row a decision: ``decision_id``, ``at``, ``deployment``, ``version``,
    ``served``, and those inputs."""
    REFUSALS = "refusals"
    """One row a request that a guard refused: ``request_id``, ``at``, ``guard``, ``reason``, ``rows`` (int64),
    ``deployment``, ``version``, ``served``. Never a value of the request."""
    ANSWERS = "answers"
    """One row an answer of a language model: ``request_id``, ``at``, ``protocol``, ``outcome``, ``input_tokens``,
    ``output_tokens`` (int64), ``cost`` (float64), ``findings`` (list of text: guard, what, action and, of packages, the
    name, parted by spaces), ``first_us``, ``latency_us``, ``characters`` (int64), ``deployment``, ``version``,
    ``served``. Never a word of the request, and no more of the answer than a name of a package."""
    SHADOWS = "shadows"
    """What versions in the shadow would have decided: as ``decisions``, under the request's id, but no decision on
    anybody; inputs that a policy keeps apart are left out, for the decision's own rows have them."""
    SHADOW_REFUSALS = "shadows-refusals"
    """As ``refusals``, of versions in the shadow: nobody was refused."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where rows come from: a version in a deployment. Rows of one source have one schema."""

    stream: Stream
    deployment: str
    version: str
    served: str
    inputs: tuple[Column, ...] = ()


@dataclass(frozen=True, slots=True)
class Sealing:
    """How a log must be sealed to be believed."""

    signers: tuple[KeyGrant, ...]
    """Gateway-log keys, with the names of the gateways that they are granted to."""
    removed: frozenset[str] = frozenset()
    """Segments that were kept for long enough and removed, by their path in the log."""


class Locked(PermissionError):  # noqa: N818 - a state of the log, not a fault in it
    """Rows are sealed with a key that is not here: nothing is wrong with them, and nothing can be said of them."""


class Frames(Protocol):
    """A file that is sealed piece by piece while it grows."""

    head: bytes
    """How the file begins."""

    def sealed(self, content: bytes) -> bytes:
        """Return the next piece as it is to be written."""
        ...


class LogCipher(Protocol):
    """Seals segments for those who have a key, and opens them; signatures cover what it made."""

    def begin(self) -> Frames:
        """Begin a segment."""
        ...

    def open(self, content: bytes) -> bytes:
        """Return what is in a sealed segment, as far as it came.

        Raises
        ------
        Locked
            If the key is not here.
        ValueError
            If it was changed.
        """
        ...


class Log(Protocol):
    """Append-only batches of decisions, each row with an id of its own."""

    def append(
        self,
        source: Source,
        rows: Mapping[str, Sequence[Any]],
        apart: tuple[Source, Mapping[str, Sequence[Any]]] | None = None,
    ) -> None:
        """Queue rows, a sequence or an array (NaN: missing) a column, all as long; raise OSError if they cannot be.

        With what is kept ``apart`` of the same rows, under a source of its own: both are queued, or neither.
        """
        ...

    def append_row(
        self, source: Source, row: tuple[Any, ...], apart: tuple[Source, tuple[Any, ...]] | None = None
    ) -> None:
        """Queue one row: the stream's columns in their order, then the inputs; raise OSError if it cannot be kept.

        The same as ``append`` with lists of one value, which for a request of one row cost more than the model does.
        """
        ...

    def pressure(self, rows: int = 0) -> float:
        """Return how full the queue would be with so many rows more: above 1, or where it fails, it takes none."""
        ...

    def figures(self) -> LogFigures:
        """Return how it fares; may be asked by any thread."""
        ...

    def flush(self) -> None:
        """Return when all rows queued so far are on disk; raise OSError if they cannot be brought there."""
        ...

    def hasten(self, seconds: Mapping[str, float]) -> None:
        """Close segments of these deployments so often, those of others as ever: somebody waits to read them."""
        ...

    def close(self) -> None:
        """Flush and end the segments."""
        ...


@dataclass(frozen=True, slots=True)
class Part:
    """A closed segment, to be read."""

    name: str
    """Path in the log."""
    deployment: str
    stream: Stream
    read: Callable[[], Iterable[tuple[bytes, Any]]]
    """Gives the id and the Arrow record batch of each of its batches; nothing where it is not sealed yet."""
    locked: bool = False
    """Whether a key is needed to read it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A segment that may hold rows since a moment: its name stays, its mark changes when there is more in it."""

    name: str
    mark: str
    read: Callable[[], Iterable[tuple[bytes, Any]]]
    """Gives the id and the Arrow record batch of each of its batches."""


class LogReader(Protocol):
    """Reads what gateways logged, and removes what was kept for long enough."""

    def segments(self) -> Sequence[LoggedSegment]:
        """Return the closed segments of all deployments, oldest first."""
        ...

    def remove(self, name: str) -> None:
        """Remove a closed segment and its seal; raise KeyError if absent, PermissionError where it may not be."""
        ...

    def batches(
        self,
        deployment: str,
        stream: Stream = Stream.DECISIONS,
        sealing: Sealing | None = None,
        seen: set[bytes] | None = None,
    ) -> Iterator[Any]:
        """Yield Arrow record batches (PyCapsule protocol) of one deployment, oldest segment first, repeats dropped.

        Versions of a deployment may take different inputs: group by schema before joining batches.

        Parameters
        ----------
        sealing
            How the log must be sealed: what is still growing is left out then, for nobody has signed it yet. None: it
            is read as it lies there, and whoever can write there could have changed it.
        seen
            Ids of batches that were read elsewhere, and are repeats here; what is read is added.

        Raises
        ------
        Locked
            If rows are sealed with a key that is not here.
        Suspicious
            If a segment is unsealed, altered, missing, or out of its place.
        ValueError
            If a segment does not hold the rows that it was closed with.
        """
        ...

    def pieces(
        self, deployment: str, stream: Stream, sealing: Sealing | None, since: datetime, known: Mapping[str, str]
    ) -> Iterator[Piece]:
        """Yield the segments of one deployment that may hold rows since a moment, oldest first.

        Those that are ``known`` (marks by name) and have not changed are left out, and with ``sealing`` what is not
        sealed yet. Raises as :meth:`batches` does, there or when a piece is read.
        """
        ...

    def parts(self, sealing: Sealing | None = None) -> Iterator[Part]:
        """Yield the closed segments of all deployments, oldest first in each, with what is in them.

        Raises as :meth:`batches` does, when the batches of a segment are read.
        """
        ...


@dataclass(frozen=True, slots=True)
class Taken:
    """A segment whose rows are in a table."""

    name: str
    """Its path in the log."""
    deployment: str
    stream: Stream
    until: datetime
    """When its last row was decided."""


class Lake(Protocol):
    """Tables of the log for analysis: each closed segment is in its table once, however often it is taken."""

    def has(self, deployment: str, stream: Stream, segment: str) -> bool:
        """Tell whether a segment is in its table."""
        ...

    def take(self, deployment: str, stream: Stream, segment: str, batches: Iterable[tuple[bytes, Any]]) -> int:
        """Put a segment into its table, all or nothing; return the rows that it brought, 0 where it was there."""
        ...

    def drop(self, deployment: str, stream: Stream, segment: str) -> int:
        """Delete a segment's rows for good; return how many went."""
        ...

    def segments(self) -> Sequence[Taken]:
        """Return the segments that have rows in tables, of all deployments."""
        ...

    def read(
        self, deployment: str, stream: Stream, segments: Collection[str], seen: set[bytes] | None = None
    ) -> Iterator[Any]:
        """Yield the rows of some segments as Arrow record batches, each once; ids of batches are added to ``seen``."""
        ...

    def rows(self, deployment: str, stream: Stream) -> int:
        """Return how many rows a table has."""
        ...
