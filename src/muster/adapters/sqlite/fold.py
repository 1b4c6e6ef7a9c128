"""What is kept in memory of the ledger: the tree of its hashes, and where to find entries by subject and kind."""

from __future__ import annotations

import json
import re
import sys
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

from muster.adapters.sqlite.table import Row
from muster.ports.ledger import Tampered
from muster.records.canonical import canonical, parse
from muster.rules.merkle import WIDTH, Tree, leaf_hash

_TAIL: Final = re.compile(rb',"kind":("(?:[^"\\]++|\\.)*+"),"subject":("(?:[^"\\]++|\\.)*+"),"v":[0-9]+\}\Z')

Places = dict[str, "array[int]"]
"""Numbers of entries in order, by name."""


class Fold:
    """Tree and index of the entries so far. Only the thread whose turn it is changes it."""

    def __init__(self) -> None:
        self.tree = Tree()
        self._subjects: Places = {}
        self._kinds: Places = {}

    def take(self, rows: Sequence[Row], start: int) -> None:
        """Take in rows as they come from the database, which must be the entries from ``start`` on.

        Raises Tampered naming the entry that is missing, edited or no entry at all.
        """
        leaves = []
        for expected, row in enumerate(rows, start):
            if row[0] != expected:
                msg = f"entry {expected} is missing from the ledger: a row was deleted. {REMEDY}"
                raise Tampered(msg)
            leaves.append(sound(row))
            self.note(expected, *headline(expected, row[1]))
        self.tree.extend(leaves)

    def note(self, seq: int, kind: str, subject: str) -> None:
        """Note where an entry is found."""
        for places, name in ((self._subjects, subject), (self._kinds, kind)):
            known = places.get(name)
            if known is None:
                known = places[name] = array("I")
            known.append(seq)

    def forget(self, size: int) -> None:
        """Go back to the first ``size`` entries."""
        self.tree.truncate(size)
        for places in (self._subjects, self._kinds):
            for name in [name for name, known in places.items() if known[-1] >= size]:
                known = places[name]
                del known[bisect_left(known, size) :]
                if not known:
                    del places[name]

    def last(self, subject: str) -> int:
        """Return the number of the newest entry about a subject, or -1."""
        known = self._subjects.get(subject)
        return known[-1] if known else -1

    def count(self, kind: str, start: int) -> int:
        """Return how many entries of a kind there are from ``start`` on."""
        known = self._kinds.get(kind, ())
        return len(known) - bisect_left(known, start)

    def places(self, subject: str | None, kind: str | None, start: int, stop: int) -> Sequence[int]:
        """Return the numbers, in order, of the entries asked for, ``start`` or more, below ``stop``."""
        asked = [self._subjects.get(subject, ())] if subject is not None else []
        asked += [self._kinds.get(kind, ())] if kind is not None else []
        if not asked:
            return range(start, stop)
        few, *more = sorted(asked, key=len)
        some = few[bisect_left(few, start) : bisect_left(few, stop)]
        return [seq for seq in some if all(_holds(many, seq) for many in more)]

    def dump(self) -> bytes:
        """Write everything as bytes, to be kept as a snapshot."""
        indices = (self._subjects, self._kinds)
        header = canonical(
            {
                "order": sys.byteorder,
                "size": self.tree.size,
                "names": [list(places) for places in indices],
                "counts": [[len(known) for known in places.values()] for places in indices],
            }
        )
        numbers = b"".join(known.tobytes() for places in indices for known in places.values())
        return b"%d\n" % len(header) + header + numbers + self.tree.dump()

    @classmethod
    def load(cls, content: bytes) -> Fold:
        """Read what :meth:`dump` wrote; raise ValueError where another machine wrote it."""
        length, _, rest = content.partition(b"\n")
        header, place, fold = parse(rest[: int(length)]), int(length), cls()
        if header["order"] != sys.byteorder:
            msg = "the snapshot was written by a machine of another byte order"
            raise ValueError(msg)
        for places, names, counts in zip((fold._subjects, fold._kinds), header["names"], header["counts"], strict=True):
            for name, count in zip(names, counts, strict=True):
                places[name] = array("I", rest[place : place + count * _ITEM])
                place += count * _ITEM
        fold.tree = Tree.load(header["size"], rest[place:])
        return fold


REMEDY: Final = (
    "Nothing from there on was read. Restore the database from a copy that `muster ledger verify` accepts, "
    "and find out who can write to it"
)
"""What to do about a ledger that was tampered with."""

_ITEM: Final = array("I").itemsize


def sound(row: Row) -> bytes:
    """Return the leaf hash of a row's entry; raise Tampered where the row is not as it was written."""
    seq, entry, leaf = row
    if not isinstance(entry, bytes) or not isinstance(leaf, bytes) or len(leaf) != WIDTH:
        msg = f"entry {seq} of the ledger was edited: its columns are not what the ledger writes. {REMEDY}"
        raise Tampered(msg)
    hashed = leaf_hash(entry)
    if hashed != leaf:
        msg = f"entry {seq} of the ledger was edited: its bytes and its hash do not belong together. {REMEDY}"
        raise Tampered(msg)
    return hashed


def headline(seq: int, raw: bytes) -> tuple[str, str]:
    """Read kind and subject at the end of an entry's bytes without parsing its body.

    The bytes are canonical JSON, whose keys are sorted and whose strings hold no bare quote: the last ``,"kind":"``
    is therefore the entry's own.
    """
    found = _TAIL.match(raw, max(raw.rfind(b',"kind":"'), 0))
    try:
        if found:
            kind, subject = found.groups()
            escaped = b"\\" in kind or b"\\" in subject
            return (json.loads(kind), json.loads(subject)) if escaped else (kind[1:-1].decode(), subject[1:-1].decode())
    except ValueError:
        pass
    msg = f"entry {seq} is no entry of a ledger: it was edited, or written by other software. {REMEDY}"
    raise Tampered(msg)


def _holds(places: Sequence[int], seq: int) -> bool:
    at = bisect_left(places, seq)
    return at < len(places) and places[at] == seq
