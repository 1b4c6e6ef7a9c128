"""A draft policy tried on a whole bank: 10,000 versions, 20 controls, beside one plain pass over the same figures.

Us: the draft and the policy in force, both asked about every version with evidence ages, limits by interval, parity,
sign-offs and waivers, every difference with its reasons; and the same over every release at its time. Gathering (each
entry decoded, each approval's signature verified, once) is timed apart: it does not depend on the draft. Whoever runs
`muster policy backtest` waits for both, and for the ledger to be read from its disk, which is not measured here.
Limit: one plain loop that reads every figure once and compares it with a number, which decides nothing yet. Interleaved
in one process; medians of processor time.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from benchmarks.report import close, table
from tests.rules.scene import (
    ANALYST,
    AUTHOR,
    LIBRARY,
    MANIFEST,
    NOW,
    POLICY,
    ROOT,
    USE_CASE,
    approval,
    auc,
    compilation,
    entry,
)

from muster.adapters.signatures import verify
from muster.records.canonical import canonical, digest
from muster.records.codec import encode
from muster.records.decision import Question
from muster.records.entry import Entry, Recorded
from muster.records.model import ModelVersion, Run
from muster.records.policy import Control, Library, Limit, Policy, Requirement
from muster.records.release import SignedRelease
from muster.rules.backtest.compare import backtest
from muster.rules.backtest.inventory import Inventory, take_stock
from muster.rules.gate.decide import decide, record_digest

VERSIONS, CONTROLS, RELEASES = 10_000, 20, 1_000
ROUNDS = 5
SHARE = 10
"""Every so manieth version has one figure that the draft no longer allows."""


@dataclass(frozen=True)
class Bank:
    """The policy in force, the draft, the library, and what the ledger says."""

    force: Policy
    draft: Policy
    library: Library
    stock: Inventory
    gathering: float


def controls() -> Library:
    """Return a library of controls that differ in their check."""
    like = LIBRARY.controls[0]
    made = (replace(like, id=f"control-{n}", check=f"check-{n}", limit=_limit(like)) for n in range(CONTROLS))
    return replace(LIBRARY, controls=tuple(made))


def _limit(control: Control) -> Limit:
    return replace(control.limit, minimum_n=100)


def told(force: Policy, library: Library) -> Iterator[Recorded]:
    """Yield the ledger of the bank, entry by entry."""
    yield from map(_recorded, (entry(USE_CASE, "owner"), entry(library, ANALYST), entry(force, ANALYST)))
    yield _recorded(entry(Run("run-1", "loans", digest(b"training"), MANIFEST.recipe, {}, {})))
    named = record_digest(library)
    for number in range(VERSIONS):
        manifest = replace(MANIFEST, files={"model": digest(b"%d" % number)})
        version = digest(canonical(encode(manifest)))
        spread = 0.15 if number % SHARE == 0 else 0.02
        evidence = [
            entry(replace(auc(0.8, spread=0.02 if n else spread / 3), version=version, check=f"check-{n}"), "robot")
            for n in range(CONTROLS)
        ]
        yield _recorded(entry(ModelVersion(version, "loans", "loans", manifest, "run-1", digest(b"t")), AUTHOR))
        yield _recorded(entry(replace(compilation(), version=version)))
        yield from map(_recorded, evidence)
        question = Question(version, "loans", "production")
        signed = approval(evidence, policy=force, question=question, library=named)
        yield _recorded(replace(signed, at=NOW))
        if number < RELEASES:
            yield _recorded(entry(SignedRelease(version, "loans", "production", "serve", version, NOW), "robot", NOW))


def _recorded(made: Entry) -> Recorded:
    return Recorded(0, made, b"%s" % made.to_bytes())


def bank() -> Bank:
    """Write the ledger and take stock of it."""
    library = controls()
    asked = tuple(Requirement(control.id) for control in library.controls)
    force = replace(POLICY, requirements=asked)
    stricter = (replace(asked[0], limit=0.76), *asked[1:])
    draft = replace(force, requirements=stricter)
    ledger = list(told(force, library))
    gc.collect()
    gc.freeze()
    begun = time.thread_time()
    stock = take_stock(ledger, "production", ROOT, verify)
    return Bank(force, draft, library, stock, time.thread_time() - begun)


def plain_pass(stock: Inventory) -> int:
    """Read every figure once, and compare it."""
    good = 0
    for known in stock.versions:
        for fact in known.facts.evidence:
            for figure in fact.record.figures:
                good += figure.value >= 0.7
    return good


def one_by_one(made: Bank, share: int) -> None:
    """Ask the gate itself, version by version, about a part of the bank."""
    for known in made.stock.versions[::share]:
        decide(made.draft, made.library, known.question, known.facts, NOW)


def timed(does: Callable[[], object]) -> float:
    begun = time.thread_time()
    does()
    return time.thread_time() - begun


def main() -> None:
    made = bank()
    now, whole = NOW + timedelta(hours=1), replace(made.stock, releases=())
    today, past = backtest(made.draft, made.stock, now)
    expected = VERSIONS // SHARE
    if (today.judged, len(today.changes), past.judged) != (VERSIONS, expected, RELEASES):
        msg = f"{len(today.changes)} of {today.judged} versions change, {expected} should: the figures mean nothing"
        raise RuntimeError(msg)
    works: dict[str, Callable[[], object]] = {
        "backtest, all versions": lambda: backtest(made.draft, whole, now),
        f"and {RELEASES:,} releases at their time": lambda: backtest(made.draft, made.stock, now),
        "plain pass (the limit)": lambda: plain_pass(made.stock),
    }
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, work in works.items():
            taken[name].append(timed(work))
    took = {name: statistics.median(values) for name, values in taken.items()}
    took["the gate, one by one (estimated from 1 in 50)"] = timed(lambda: one_by_one(made, 50)) * 50
    took["gathering, once"] = made.gathering
    limit = took["plain pass (the limit)"]
    rows = [[what, seconds, seconds / limit] for what, seconds in took.items()]
    print(table(f"{VERSIONS:,} versions x {CONTROLS} controls", ["what", "seconds", "over plain pass"], rows))
    ours = took["backtest, all versions"]
    figures = {"seconds_10k_x_20": ours, "over_plain_pass": ours / limit, "seconds_gathering": made.gathering}
    close("backtest", figures | {"seconds_plain_pass": limit, "changed": float(len(today.changes))})


if __name__ == "__main__":
    main()
