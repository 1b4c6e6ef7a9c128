"""Retain: how long each kind of data is kept, and the removal of what was kept for long enough."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from muster.lifecycle.desk.action import action, view
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.keeping import retention_of
from muster.lifecycle.desk.seen.holds import kept_by
from muster.lifecycle.desk.seen.words import reviewed
from muster.ports.log import Stream, Taken
from muster.ports.vault import Erased
from muster.records.access.erasure import LOGGED, PERSONAL, SEGMENTS, Retention, RetentionRun
from muster.records.data import DatasetVersion
from muster.records.decision import SignedApproval
from muster.records.entry import Recorded
from muster.records.governance.signoffs import SignedRejection
from muster.records.people import Role

LONGEST_DAYS = 100 * 366


@dataclass(frozen=True, slots=True)
class _Item:
    """Something that is kept: its name, since when, and what removes it."""

    name: str
    since: datetime
    remove: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Kept:
    """One kind of data: how long it is kept, and how much of it is here."""

    data: str
    days: int | None
    """None: for ever, for nobody has said otherwise."""
    at_least_days: int
    items: int
    due: int
    """How many have been kept for long enough."""
    oldest: datetime | None
    held: int = 0
    """How many of those that are due a legal hold keeps."""


@action("retention set", roles=(Role.ADMIN, Role.RISK_ANALYST))
def set_retention(context: Context, data: str, days: int, reason: str, at_least_days: int = 0) -> Retention:
    """Say how long one kind of data is kept; `muster retention run` removes what is older.

    Parameters
    ----------
    data
        `comments` of approvers and reviewers, `datasets` (their rows; digests, schema and evidence stay),
        `inference-log`, `inference-log-personal` (the inputs that it keeps apart) or `inference-log-segments` (its
        files, once their rows are in tables: the rows stay there).
    days
        After so many days it is removed.
    reason
        The rule that says so.
    at_least_days
        For so many days it stays, even when somebody's data is erased: its bytes then, which nobody can read.
    """
    _require_known(data)
    if not 0 < days <= LONGEST_DAYS or not 0 <= at_least_days <= days:
        msg = f"kept for {days} days, at least {at_least_days}: give 1 to {LONGEST_DAYS} days, and no more at least"
        raise ValueError(msg)
    if not reason.strip():
        msg = "say which rule sets this time: it is recorded"
        raise ValueError(msg)
    retention = Retention(data, days, reason, at_least_days)
    context.record(retention)
    return retention


@view("retention list")
def listed(context: Context) -> tuple[Kept, ...]:
    """List the kinds of data that are kept, for how long, and how much is due to be removed."""
    context.house.ledger.refresh()
    return tuple(_kept(context, data) for data in STORES)


@action("retention run", roles=(Role.ADMIN, Role.OPERATOR))
def run(context: Context, data: str = "") -> tuple[RetentionRun, ...]:
    """Remove what was kept for long enough; what a lock or a legal hold keeps stays, and is named.

    Parameters
    ----------
    data
        Only this kind; by default all that have a time.
    """
    context.house.ledger.refresh()
    if data:
        _require_known(data)
    found = (_run(context, name) for name in STORES if data in ("", name))
    return tuple(done for done in found if done is not None)


def _run(context: Context, data: str) -> RetentionRun | None:
    retention = retention_of(context, data)
    if retention is None:
        return None
    before = context.house.clock() - timedelta(days=retention.days)
    due = [item for item in STORES[data](context) if item.since < before]
    held = _held(context, data, due)
    due = [item for item in due if item.name not in held]
    if not due:
        return RetentionRun(data, before, (), tuple(held))
    # Recorded before it is done: what is missing must be told from what was taken, even if this process dies meanwhile.
    context.record(RetentionRun(data, before, tuple(item.name for item in due)))
    removed, locked = [], []
    for item in due:
        try:
            item.remove()
        except PermissionError:
            locked.append(item.name)
        except (KeyError, Erased):
            continue  # somebody else was faster
        else:
            removed.append(item.name)
            context.progress(f"removed from {data}: {item.name}")
    if locked:
        context.record(RetentionRun(data, before, (), tuple(locked)))
    return RetentionRun(data, before, tuple(removed), (*locked, *held))


def _held(context: Context, data: str, due: Sequence[_Item]) -> dict[str, str]:
    """Return what of it a legal hold keeps, by the id of the hold, and tell of it."""
    keeping = kept_by(context)
    held = {item.name: hold for item in due if (hold := keeping.of(data, item.name))}
    for name, hold in held.items():
        context.progress(f"kept for legal hold {hold}: {name}")
    return held


def _kept(context: Context, data: str) -> Kept:
    retention = retention_of(context, data)
    items = list(STORES[data](context))
    oldest = min((item.since for item in items), default=None)
    if retention is None:
        return Kept(data, None, 0, len(items), 0, oldest)
    before = context.house.clock() - timedelta(days=retention.days)
    due = [item for item in items if item.since < before]
    keeping = kept_by(context)
    held = sum(bool(keeping.of(data, item.name)) for item in due)
    return Kept(data, retention.days, retention.at_least_days, len(items), len(due), oldest, held)


def _require_known(data: str) -> None:
    if data not in STORES:
        msg = f"{data!r} is no kind of data that is kept: there are {', '.join(STORES)}"
        raise LookupError(msg)


def _gone(context: Context, data: str) -> set[str]:
    gone: set[str] = set()
    for _, done in context.history(RetentionRun, f"retention:{data}"):
        gone = (gone | set(done.removed)) - set(done.locked)
    return gone


def _comments(context: Context) -> Iterator[_Item]:
    vault = context.house.vault
    said: list[tuple[Recorded, SignedApproval | SignedRejection]] = [
        *context.history(SignedApproval),
        *context.history(SignedRejection),
    ]
    for recorded, signed in said:
        if signed.comment and _is_there(vault.sealed, signed.comment):
            yield _Item(signed.comment, recorded.entry.at, partial(vault.remove, signed.comment))
    for recorded, name in reviewed(context):
        if _is_there(vault.sealed, name):
            yield _Item(name, recorded.entry.at, partial(vault.remove, name))


def _datasets(context: Context) -> Iterator[_Item]:
    blobs, gone = context.house.blobs, _gone(context, "datasets")
    newest = {version.digest: recorded.entry.at for recorded, version in context.history(DatasetVersion)}
    for digest, at in newest.items():
        if digest not in gone:
            yield _Item(digest, at, partial(blobs.remove, digest))


def _logged(context: Context, only: Stream | None = None) -> Iterator[_Item]:
    """Yield the parts of the log, those too that are in tables only."""
    log = context.house.log
    taken = {each.name: each for each in context.house.lake.segments()} if context.house.lake else {}
    here = {segment.name: segment.until for segment in log.segments()}
    until = {name: each.until for name, each in taken.items() if name not in here} | here
    for name, last in until.items():
        if only is None or name.split("/")[1] == only.value:
            yield _Item(name, last, partial(_forget, context, taken.get(name), name if name in here else ""))


def _forget(context: Context, taken: Taken | None, segment: str) -> None:
    """Remove a segment, and its rows from the table of the log before it: what is left to do is then seen again."""
    if taken is not None and context.house.lake is not None:
        context.house.lake.drop(taken.deployment, taken.stream, taken.name)
    if segment:
        context.house.log.remove(segment)


def _in_tables(context: Context) -> Iterator[_Item]:
    """Yield the files of the log whose rows are in tables, and stay there."""
    taken = {each.name for each in context.house.lake.segments()} if context.house.lake else set()
    for segment in context.house.log.segments():
        if segment.name in taken:
            yield _Item(segment.name, segment.until, partial(context.house.log.remove, segment.name))


def _is_there(read: Callable[[str], bytes], digest: str) -> bool:
    try:
        read(digest)
    except (KeyError, Erased):
        return False
    return True


STORES: Mapping[str, Callable[[Context], Iterator[_Item]]] = {
    "comments": _comments,
    "datasets": _datasets,
    LOGGED: _logged,
    PERSONAL: partial(_logged, only=Stream.PERSONAL),
    SEGMENTS: _in_tables,
}
"""Kinds of data that are kept, and what is there of each."""
