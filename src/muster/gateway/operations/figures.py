"""Figures: what one process of a gateway tells of itself at a moment. Never anything of what was asked or decided."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from muster.gateway.admission.table import Table
from muster.gateway.app import Gateway
from muster.gateway.http.counts import DOORS, Counts
from muster.gateway.operations.answers import Answers
from muster.gateway.operations.families import Sample, spread
from muster.gateway.operations.usage import of_process
from muster.gateway.served import Served
from muster.ports.log import Log
from muster.records.logs.segments import LogFigures


def figures_of(gateway: Gateway, log: Log, answers: Answers | None = None) -> list[Sample]:
    """Return all figures of a process that serves; ``answers`` counts those of language models."""
    now, table, said = gateway.desk.clock(), gateway.table, log.figures()
    found = [
        Sample("ready", value=float(gateway.desk.ready())),
        Sample("workers", value=1.0),
        *_of_orders(table),
        *_of_log(said),
        *_of_places(table, now),
        *_of_arms(table, now),
        *_of_workers(table),
        *of_process(),
    ]
    for (deployment, digest), counts in list(gateway.desk.counts.items()):
        found += _of_counts((deployment, digest), counts)
    found += _of_shadows(gateway)
    found += [Sample("turned_away", (str(status),), count) for status, count in gateway.turned.copy().items()]
    if answers is not None:
        found += answers.figures()
    return found


def _of_orders(table: Table) -> Iterator[Sample]:
    followed = table.followed
    yield Sample("orders_refused_looks", value=float(table.refused))
    yield Sample("orders_number", value=float(followed.number if followed else 0))
    if followed is not None:
        yield Sample("orders_issued_timestamp_seconds", value=followed.issued_at.timestamp())
        yield Sample("orders_expire_timestamp_seconds", value=followed.expires_at.timestamp())
        yield Sample("root_expires_timestamp_seconds", value=followed.root_expires_at.timestamp())


def _of_places(table: Table, now: datetime) -> Iterator[Sample]:
    for name, place in table.places.items():
        yield Sample("deployment_admitted", (name,), float(place.standing(now) is not None))
        if place.until is not None:
            yield Sample("deployment_ends_timestamp_seconds", (name,), place.until.at.timestamp())
            yield Sample("deployment_in_grace", (name,), float(bool(place.lapsed)))


def _of_arms(table: Table, now: datetime) -> Iterator[Sample]:
    """Tell of challengers and shadows: whether each stands, until when, and how much it has."""
    for name, split in table.traffic.items():
        for part, place, share in split.beside():
            named = name, place.name.rpartition("@")[2], part
            yield Sample("arm_admitted", named, float(place.standing(now) is not None))
            yield Sample("arm_share", named, share)
            if place.until is not None:
                yield Sample("arm_ends_timestamp_seconds", named, place.until.at.timestamp())


def _of_workers(table: Table) -> Iterator[Sample]:
    """Tell of the processes of models that their own library runs; what is compiled has none."""
    for place in (*table.places.values(), *table.arms):
        if isinstance(place.served, Served) and (worker := getattr(place.served.model, "worker", None)) is not None:
            named = place.served.decisions.deployment, place.served.version
            yield Sample("model_worker_restarts", named, float(worker.restarts))
            yield Sample("model_worker_up", named, float(worker.up))


def _of_log(said: LogFigures) -> Iterator[Sample]:
    yield Sample("log_rows", value=float(said.kept))
    yield Sample("log_bytes", value=float(said.written))
    yield Sample("log_failures", value=float(said.failures))
    yield Sample("log_waiting_rows", value=float(said.waiting))
    yield Sample("log_room_rows", value=float(said.room))
    yield Sample("log_failing", value=float(said.failing))


def _of_counts(named: tuple[str, str], counts: Counts) -> Iterator[Sample]:
    yield Sample("rows", named, float(counts.rows))
    yield Sample("request_seconds", named, counts.answered_ns / 1e9, spread(counts.latency))
    for door, answered in zip(DOORS, counts.doors, strict=True):
        yield Sample("requests", (*named, door, "answered"), float(answered))
    for (place, outcome), failed in counts.failures.copy().items():
        yield Sample("requests", (*named, DOORS[place], outcome), float(failed))
    for guard, refused in counts.refusals.copy().items():
        yield Sample("refusals", (*named, guard), float(refused))


def _of_shadows(gateway: Gateway) -> Iterator[Sample]:
    for named, seen in gateway.desk.shadows.counts.copy().items():
        for outcome in ("answered", "refused", "failed", "dropped"):
            yield Sample("shadow_requests", (*named, outcome), float(getattr(seen, outcome)))
