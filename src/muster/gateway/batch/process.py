"""The process that scores a file: it admits as a gateway does, scores, logs, and says how it went."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import signal
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np

from muster.columns.encoding.coded import Coded
from muster.gateway.admission.admissions import Admissions
from muster.gateway.admission.channel import Trust
from muster.gateway.admission.loading import Loader
from muster.gateway.admission.seen import SeenFile
from muster.gateway.batch.checkpoint import Checkpoint, Errand, Kept
from muster.gateway.batch.files import Input, Output, RunLog
from muster.gateway.batch.following import Following
from muster.gateway.batch.progress import Progress, summary
from muster.gateway.batch.run import Pace, Run, Stopped, begin
from muster.gateway.batch.working import Work
from muster.gateway.served import Served
from muster.guards.guard import Outcome, Rows
from muster.ports.log import Log, Source
from muster.ports.notifier import Notifier
from muster.records.data import ColumnType
from muster.settings import Settings
from muster.wiring import scoring
from muster.wiring.gateway import Parts
from muster.wiring.scoring import PIPE, Asked

DONE, REFUSED, UNDECIDED = 0, 1, 2

BATCH_ROWS = 16_384
"""Rows of a batch: enough that what a batch costs is nothing a row, few enough to stay in the processor's cache."""


NO_REASONS = "no reasons can be given: the orders name no reason map, or no explanation of this model"


def tell(line: str) -> None:
    """Write a line for whoever asked."""
    shown = line if line.isprintable() else "".join(c if c.isprintable() else " " for c in line)
    sys.stderr.write(f"score: {shown}\n")
    sys.stderr.flush()


def score(settings: Settings, asked: Asked) -> int:
    """Score a file; return 0 where all is done, 1 where it or rows were refused, 2 where it could not be tried."""
    try:
        _require_sense(settings, asked)
        parts = scoring.parts_of(settings)
        seen = SeenFile(parts.state, settings.group)
        with seen.locked(), contextlib.closing(parts.open_notifier(tell)) as notifier:
            trust = _trust(settings, parts, notifier)
            loader = Loader(parts.outbox, parts.read, cast("Log", _Unlogged()), parts.verify)
            admissions = Admissions(trust, parts.outbox, loader, seen)
            following = Following(admissions, asked.deployment, parts.clock, settings.poll_seconds, tell)
            with contextlib.closing(scoring.open_input(asked)) as read:
                return _scored(settings, asked, parts, following, read)
    except Stopped as error:
        tell(f"REFUSED: {error}")
        return REFUSED
    except ArithmeticError as error:
        tell(f"the model gave no usable answer: {error}")
        return UNDECIDED
    except (OSError, ValueError) as error:
        tell(str(error))
        return UNDECIDED


def _scored(settings: Settings, asked: Asked, parts: Parts, following: Following, read: Input) -> int:
    sheet = scoring.sheet_of(read.schema_of(asked.keep), asked)
    served = following.current()
    require_fitting(served, read)
    if asked.reasons and served.answering.reasoner is None:
        raise Stopped(NO_REASONS)
    kept = Kept(folder_of(asked))
    errand = _errand(asked, served, read.digest() if kept.folder is not None else "")
    found = _unfinished(kept, asked, errand)
    run = found.run if found is not None else secrets.token_hex(8)
    log = scoring.open_log(settings, parts, run)
    output = scoring.open_output(asked, sheet, kept.folder)
    begun = _begun(run, errand, kept, log, output)
    work = Work(f"score-{run}", read, sheet, log, parts.clock, asked.keep, asked.reasons)
    pace = Pace(asked.workers or os.cpu_count() or 1, _size(served), asked.checkpoint_rows, asked.on_refused == "stop")
    progress = Progress(read.rows, begun.rows, quiet=asked.quiet)
    going = Run(work, pace, following.current, output, log, kept, progress)
    inputs = tuple(column.name for column in served.model.plan.columns)
    columns = tuple(dict.fromkeys((*inputs, *asked.keep)))
    with _ending(following):
        try:
            end = going.go(read, columns, begun)
        except Stopped as error:
            _told_of_rest(error, going.at, kept)
            return UNDECIDED if error.interrupted else REFUSED
        finally:
            progress.close()
    _sum_up(*summary(end, progress, served.version, asked.output), asked)
    return REFUSED if end.refused else DONE


def _begun(run: str, errand: Errand, kept: Kept, log: RunLog, output: Output) -> Checkpoint:
    """Begin, or go on; the output that was opened for it goes where that cannot be."""
    try:
        return begin(run, errand, kept, log, output)
    except BaseException:
        output.abandon()
        raise


def _sum_up(lines: Iterable[str], figures: Mapping[str, Any], asked: Asked) -> None:
    for line in lines:
        tell(line)
    if asked.json:
        (sys.stderr if asked.output == PIPE else sys.stdout).write(json.dumps(figures) + "\n")


def _errand(asked: Asked, served: Served, source: str) -> Errand:
    serving = served.decisions
    written = scoring.form(asked)
    return Errand(asked.deployment, serving.version, serving.served, source, written, asked.keep, asked.reasons)


def _told_of_rest(error: Stopped, at: Checkpoint, kept: Kept) -> None:
    tell(f"{'' if error.interrupted else 'REFUSED: '}{error}")
    left = "what they are is on its way out" if kept.folder is None else "--resume goes on from there"
    tell(f"rows 0 to {at.rows - 1} are done and logged: {left}" if at.rows else "no row was scored")


def require_fitting(served: Served, read: Input) -> None:
    """Refuse a file that no row of could pass, before the first row: by its columns alone.

    Columns that are no inputs are not read; but a column that the policy prohibits may not even be in the file, as it
    may not be in a request.
    """
    none = Rows(0, {name: [] for name in read.names}, dict.fromkeys(read.names, ""))
    ruling = served.guards.feed(none).rulings[-1]
    if ruling.outcome is Outcome.REFUSE and ruling.guard == "prohibited":
        raise Stopped(ruling.reason)
    there = [column for column in served.model.plan.columns if column.name in read.names]
    empty = {
        column.name: Coded((), np.empty(0, np.int32)) if column.type is ColumnType.CATEGORY else np.empty(0)
        for column in there
    }
    ruling = served.guards.feed(Rows(0, empty, {column.name: read.datatype(column) for column in there})).rulings[-1]
    if ruling.outcome is Outcome.REFUSE:
        raise Stopped(ruling.reason)


def folder_of(asked: Asked) -> Path | None:
    """Return where an unfinished run leaves its parts; None where it cannot be gone on with."""
    if PIPE in (asked.input, asked.output):
        return None
    output = Path(asked.output)
    return output.with_name(f".{output.name}.scoring")


def _unfinished(kept: Kept, asked: Asked, errand: Errand) -> Checkpoint | None:
    """Return the checkpoint to go on from; raise ValueError where it is about something else, or nobody asked."""
    folder = kept.folder
    if folder is None or not folder.exists():
        if asked.resume and folder is None:
            msg = "a run between pipes leaves nothing to go on with: leave out --resume"
            raise ValueError(msg)
        return None
    if asked.restart:
        shutil.rmtree(folder)
        return None
    found = kept.read()
    if found is None or not found.rows:  # it ended before its first checkpoint, or row: nothing of it counts
        shutil.rmtree(folder)
        return None
    if not asked.resume:
        msg = (
            f"a run that scored {found.rows} rows into {asked.output} did not end: go on with it (--resume), or start "
            "over (--restart); what it logged stays logged"
        )
        raise ValueError(msg)
    if found.errand != errand:
        names = [name for name in Errand.__slots__ if getattr(found.errand, name) != getattr(errand, name)]
        msg = f"what was begun had another {', '.join(names)}: start over (--restart), or ask as it was asked then"
        raise ValueError(msg)
    return found


def _require_sense(settings: Settings, asked: Asked) -> None:
    if not settings.root:
        msg = (
            "no trust root was given: `muster init` and `muster trust show` print its fingerprint; pass it with --root"
        )
        raise ValueError(msg)
    if problem := _senseless(asked) or _misplaced(asked):
        raise ValueError(problem)


def _senseless(asked: Asked) -> str:
    if asked.on_refused not in ("mark", "stop"):
        return f"rows that are refused can be marked or stop the run, not {asked.on_refused!r} (--on-refused)"
    if asked.workers < 0 or asked.checkpoint_rows < 1:
        return "workers and rows between checkpoints are 1 or more; leave --workers out for one a core"
    return "--resume goes on, --restart starts over: say one of them" if asked.resume and asked.restart else ""


def _misplaced(asked: Asked) -> str:
    if asked.output == PIPE:
        return ""
    output = Path(asked.output)
    if output.exists() and not asked.replace:
        return f"{output} exists: choose another name, or replace it (--replace)"
    if not output.absolute().parent.is_dir():
        return f"there is no folder {output.absolute().parent}: make it first"
    same = asked.input != PIPE and Path(asked.input).resolve() == output.resolve()
    return "the output cannot take the place of its own input" if same else ""


def _trust(settings: Settings, parts: Parts, notifier: Notifier) -> Trust:
    return Trust(
        settings.root,
        settings.group,
        parts.verify,
        parts.clock,
        environment=settings.environment,
        orders_at_least=settings.orders_at_least,
        notify=notifier,
        name=settings.gateway_name,
    )


def _size(served: Served) -> int:
    most = served.guards.most
    return BATCH_ROWS if most is None else min(most, BATCH_ROWS)


@contextlib.contextmanager
def _ending(following: Following) -> Iterator[None]:
    """End between two batches where somebody asks for it; a second time at once."""

    def end(number: int, _: Any) -> None:
        following.ended = f"{signal.Signals(number).name}: ended between two batches"
        signal.signal(number, signal.SIG_DFL)

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Unlogged:
    """Stands where a gateway has its log: a run over a file logs by itself, and nothing of it comes here."""

    def append(self, source: Source, rows: Mapping[str, Sequence[Any]], apart: Any = None) -> None:  # noqa: ARG002 - as the log has it
        """Refuse."""
        msg = f"{len(rows)} columns of {source.deployment} are none of a file"
        raise OSError(msg)

    append_row = append

    def hasten(self, seconds: Mapping[str, float]) -> None:
        """Pass over what canaries of the deployment ask of gateways: a run closes its segments with its parts."""
