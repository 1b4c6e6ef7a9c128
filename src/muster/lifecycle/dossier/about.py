"""About: which ledger entries concern a version or a deployment, by what they name, whatever their kind.

Kinds are not listed: what somebody records about a version tomorrow belongs into its dossier tomorrow.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from muster.lifecycle.desk.context import Context
from muster.ports.ledger import Ledger
from muster.records.canonical import parse
from muster.records.codec import decode
from muster.records.decision import Question
from muster.records.entry import Recorded
from muster.records.release import IssuedOrders, Orders
from muster.rules.envelope import read_envelope

OTHERS = ("version:", "run:", "use-case:", "dataset:", "library:", "policy:", "gateway-group:")
"""Subjects that are things of their own: naming the same use case or deployment makes nothing of theirs ours."""

_DIGEST = re.compile("sha256:[0-9a-f]{64}")

TEXTS = ("comment", "words", "comments")
"""Fields that hold what people said: a digest of it, where it is sealed."""


def about(context: Context, questions: Sequence[Question], names: Iterable[str]) -> dict[int, Recorded]:
    """Return the entries about these versions, their use cases, runs, data and deployments, by their place."""
    ledger = context.house.ledger
    versions = {question.version for question in questions}
    cases = {question.use_case for question in questions}
    found = [r for version in sorted(versions) for r in ledger.read(subject=f"version:{version}")]
    bodies = [recorded.entry.body for recorded in found]
    found += [r for case in sorted(cases) for r in ledger.read(subject=f"use-case:{case}")]
    found += ledger.read(subject="trust-root")
    # An intent to register holds the whole run; a version names it.
    for run in sorted({body["run"] for body in bodies if isinstance(body.get("run"), str)}):
        found += ledger.read(subject=f"run:{run}")
    samples = {body[name] for body in bodies for name in ("training", "sample") if isinstance(body.get(name), str)}
    found += _datasets(ledger, samples)
    kept = {recorded.seq: recorded for recorded in found}
    kept |= {recorded.seq: recorded for recorded in _naming(ledger, versions, cases, names)}
    return kept


def orders(context: Context, versions: Iterable[str], deployment: str = "") -> Iterator[tuple[Recorded, Orders]]:
    """Yield the orders that changed anything for versions, or for a deployment; those that only repeat tell nothing."""
    wanted, before = set(versions), dict[str, object]()
    for recorded, issued in context.history(IssuedOrders):
        said = decode(Orders, parse(base64.b64decode(read_envelope(issued.envelope).payload)), "orders")
        own = tuple(d for d in said.deployments if (d.name == deployment if deployment else d.version in wanted))
        state = (own, tuple(sorted(said.revoked)) if own or before.get(said.group) else ())
        if state != before.get(said.group, ((), ())):
            yield recorded, said
        before[said.group] = state


def texts(body: Any) -> Iterator[str]:
    """Yield the digests of what people said, wherever in a body they stand."""
    if isinstance(body, dict):
        for name, held in body.items():
            if name in TEXTS and isinstance(held, str) and _DIGEST.fullmatch(held):
                yield held
            yield from texts(held)
    elif isinstance(body, list | tuple):
        for held in body:
            yield from texts(held)


def _naming(ledger: Ledger, versions: set[str], cases: set[str], names: Iterable[str]) -> Iterator[Recorded]:
    """Yield what names a version anywhere, or a use case or a deployment and is not a thing of its own."""
    exact = [version.encode() for version in sorted(versions)]
    loose = [f'"{case}"'.encode() for case in sorted(cases)]
    loose += [f'"use-case:{case}"'.encode() for case in sorted(cases)]
    loose += [mark.encode() for name in sorted(names) for mark in (f'"deployment:{name}"', f'"gateway:{name}/')]
    for recorded in ledger.read():
        named = any(mark in recorded.raw for mark in exact)
        loosely = not recorded.entry.subject.startswith(OTHERS) and any(mark in recorded.raw for mark in loose)
        if named or loosely:
            yield recorded


def _datasets(ledger: Ledger, names: Iterable[str]) -> Iterator[Recorded]:
    """Yield dataset versions and what they are parts of."""
    waiting, done = sorted(names), set[str]()
    while waiting:
        name = waiting.pop()
        if name in done:
            continue
        done.add(name)
        for recorded in ledger.read(subject=f"dataset:{name}"):
            yield recorded
            if parent := recorded.entry.body.get("parent"):
                waiting.append(parent)
