"""What may be appended: entries that can be read back, by callers whose expectations still hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from muster.adapters.sqlite.fold import Fold
from muster.adapters.sqlite.table import Row
from muster.adapters.sqlite.turns import Job
from muster.ports.ledger import Conflict
from muster.records.codec import kind_of
from muster.records.entry import Basis, Entry, Recorded
from muster.records.people import RefusedAttempt
from muster.rules.merkle import leaf_hash

_EARLIEST: Final = 1970
_REFUSED: Final = kind_of(RefusedAttempt)
"""No decision reads refused attempts, and whoever may nothing can make as many as they like."""


def written(entry: Entry) -> bytes:
    """Return an entry's bytes; raise ValueError where they could not be read back, which would stop the ledger."""
    texts: tuple[object, ...] = (entry.kind, entry.subject, entry.actor)
    body: object = entry.body
    named = all(isinstance(text, str) for text in texts) and entry.kind and entry.subject
    if not named or not isinstance(body, Mapping) or entry.at.year < _EARLIEST or entry.v != 1:
        msg = (
            f"an entry of kind {entry.kind!r} cannot be recorded: it needs kind, subject and actor in text, "
            "a time after 1970, a body of fields and version 1"
        )
        raise ValueError(msg)
    return entry.to_bytes()


def accept(jobs: Sequence[Job], fold: Fold) -> list[Row]:
    """Return the rows of all jobs whose expectations hold, noted in the index; the other jobs fail alone.

    The tree is left as it is: the caller extends it by these rows, or makes the fold forget them.
    """
    start, rows = fold.tree.size, list[Row]()
    for job in jobs:
        refusal = _refusal(job.expect, fold, start, len(rows))
        if refusal is not None:
            job.fail(refusal)
            continue
        recorded = []
        for seq, (entry, raw) in enumerate(zip(job.entries, job.raws, strict=True), start + len(rows)):
            recorded.append(Recorded(seq, entry, raw))
            rows.append((seq, raw, leaf_hash(raw)))
            fold.note(seq, entry.kind, entry.subject)
        job.recorded = tuple(recorded)
    return rows


def _refusal(expect: Basis | None, fold: Fold, start: int, added: int) -> Exception | None:
    """Say why a job may not be done, having ``start`` entries and ``added`` ones of jobs before it."""
    if expect is None:
        return None
    if expect.size > start:
        return ValueError(f"the decision read {expect.size} entries, and the ledger has {start}: it is another ledger")
    if expect.subjects is None:
        changed = ["the ledger"] if start + added - expect.size > fold.count(_REFUSED, expect.size) else []
    else:
        changed = sorted(subject for subject in expect.subjects if fold.last(subject) >= expect.size)
    if not changed:
        return None
    return Conflict(f"{', '.join(changed)} changed since {expect.size} entries were read: read again and decide again")
