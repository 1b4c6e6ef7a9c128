"""Following the ledger: nothing is believed beyond what a checkpoint signed by the ledger's key covers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from muster.adapters.sqlite.fold import REMEDY, Fold
from muster.adapters.sqlite.table import Table
from muster.ports.ledger import Tampered
from muster.rules.merkle import Tree
from muster.rules.note import Checkpoint

OpenNote = Callable[[str], Checkpoint]
"""Opens a checkpoint note of this ledger; raises ValueError or PermissionError where it is not signed by its key."""


@dataclass(frozen=True, slots=True)
class Audit:
    """What a full check read: entries, checkpoints, and the root hash that they all lead to."""

    entries: int
    checkpoints: int
    root: bytes


def open_row(size: int, note: Any, open_note: OpenNote) -> Checkpoint:
    """Open a checkpoint as it stands in the database; raise Tampered where it is not the ledger's own."""
    try:
        point = open_note(note if isinstance(note, str) else "")
    except (ValueError, PermissionError) as error:
        msg = f"the checkpoint of {size} entries is not one of this ledger: {error}. {REMEDY}"
        raise Tampered(msg) from None
    if point.size != size:
        msg = f"the checkpoint of {point.size} entries stands in the ledger as one of {size}. {REMEDY}"
        raise Tampered(msg)
    return point


def catch_up(table: Table, fold: Fold, note: str, open_note: OpenNote) -> str:
    """Verify and fold what was appended since ``note`` (empty at first); return the newest checkpoint's note.

    Raises Tampered, and leaves the fold as it was, where the database is not what the ledger's key has signed.
    """
    size = fold.tree.size
    end, newest = table.ends()
    if newest is None and end == size == 0:
        return note
    if newest == (size, note) and end == size:
        return note
    point = open_row(*newest, open_note) if newest else Checkpoint("", 0, b"")
    if point.size < size:
        raise Tampered(older(point.size, size))
    if end > point.size:
        msg = f"entry {point.size} of the ledger has no signed checkpoint: a row was inserted. {REMEDY}"
        raise Tampered(msg)
    try:
        _take(table, fold, point.size)
        _require_root(table, fold.tree, size, point, open_note)
    except BaseException:
        fold.forget(size)
        raise
    return str(newest[1]) if newest else note


def audit(table: Table, size: int, open_note: OpenNote) -> Audit:
    """Read, hash and index every one of ``size`` entries again, and open every checkpoint; raise Tampered."""
    fold = Fold()
    with table.reading():
        _take(table, fold, size)
        if table.count(size) != size:
            msg = f"the ledger holds an entry with a number below 0: a row was inserted. {REMEDY}"
            raise Tampered(msg)
        notes = table.notes(-1, size)
    start = 0
    for stop, note in notes:
        if open_row(stop, note, open_note).root != fold.tree.root(stop):
            raise Tampered(_edited(start, stop))
        start = stop
    return Audit(size, len(notes), fold.tree.root())


def older(found: int, seen: int) -> str:
    """Say that the database has gone back in time."""
    return (
        f"an old copy of the database was restored: it has {found} entries, and {seen} were seen here before. "
        "Put the newer database back; entries that are lost must be recorded again by those who made them"
    )


def _take(table: Table, fold: Fold, stop: int) -> None:
    """Fold the rows up to ``stop``, all of which must be there."""
    for rows in table.rows(fold.tree.size, stop):
        fold.take(rows, fold.tree.size)
    if fold.tree.size != stop:
        msg = f"entry {fold.tree.size} is missing from the ledger: a row was deleted. {REMEDY}"
        raise Tampered(msg)


def _require_root(table: Table, tree: Tree, start: int, point: Checkpoint, open_note: OpenNote) -> None:
    """Raise Tampered unless the tree is the one that was signed, saying which entries were edited.

    Where entry and hash were edited together, they stand before the first checkpoint that disagrees.
    """
    if tree.root() == point.root:
        return
    for stop, note in table.notes(start, tree.size):
        if open_row(stop, note, open_note).root != tree.root(stop):
            raise Tampered(_edited(start, stop))
        start = stop
    raise Tampered(_edited(start, tree.size))


def _edited(start: int, stop: int) -> str:
    which = f"entry {start}" if stop - start == 1 else f"one of the entries {start} to {stop - 1}"
    return f"{which} of the ledger is not what was signed: its bytes and its hash were edited together. {REMEDY}"
