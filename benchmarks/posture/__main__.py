"""Posture of 1,000 releases x 20 controls: a look at all of them, first, again, and after one new record.

Us: `muster posture` as the control plane asks it every minute: a real ledger on disk, real signed release packages,
every release with its lapses, owner and what falls out next. Plain: every release judged anew, as a reading without
memory does: its entries read and decoded, its sign-offs verified, the gate asked, its package opened and proven. Both
in one process; medians of processor time, but for what happens once (the first look, the plain pass).
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.report import close, table
from tests.rules.scene import LIBRARY, MANIFEST, POLICY, SERVED, USE_CASE, auc, compilation
from tests.walk import Walked, _found

from muster.lifecycle.desk.asking import ask
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.roots import current_root
from muster.lifecycle.serve.posture import update
from muster.lifecycle.watch.posture import posture_list
from muster.records.canonical import canonical, digest
from muster.records.codec import encode
from muster.records.decision import Question
from muster.records.model import ModelVersion, Run
from muster.records.policy import Requirement
from muster.records.release import SignedRelease
from muster.rules.admission import open_package

VERSIONS, CONTROLS = 1_000, 20
ROUNDS = 5


def records(number: int, controls: int) -> Iterator[Any]:
    """Yield what is known of one version: registered, compiled, measured."""
    manifest = replace(MANIFEST, files={"model.skops": digest(b"%d" % number)})
    version = digest(canonical(encode(manifest)))
    yield ModelVersion(version, USE_CASE.id, USE_CASE.id, manifest, "run-1", digest(b"training"))
    yield replace(compilation(SERVED), version=version)
    for control in range(controls):
        yield replace(auc(0.8), version=version, check=f"check-{control}")


def fill(bank: Walked, versions: int, controls: int) -> list[str]:
    """Write the ledger of the bank, and release every version as people would; return the versions."""
    like = replace(LIBRARY.controls[0], parameters={})
    made = tuple(replace(like, id=f"control-{n}", check=f"check-{n}") for n in range(controls))
    asked = tuple(Requirement(control.id) for control in made)
    context = bank.context("mia")
    context.record(USE_CASE, replace(LIBRARY, controls=made), replace(POLICY, requirements=asked))
    context.record(Run("run-1", USE_CASE.id, digest(b"training"), MANIFEST.recipe, {}, {}))
    names = []
    for number in range(versions):
        known = tuple(records(number, controls))
        context.record(*known)
        names.append(known[0].digest)
        bank.sign("ana", known[0].digest)
        bank.do("mia", "release sign", version=known[0].digest)
    return names


def plain(context: Context) -> int:
    """Judge every release anew, as one who remembers nothing; return how many stand."""
    root, good = current_root(context), 0
    for _, release in context.history(SignedRelease):
        question = Question(release.version, release.use_case, release.environment, release.scope)
        asked = ask(context, question)
        open_package(context.house.blobs.get(release.package), root, context.house.verify)
        good += asked.decision.verdict.value == "allow"
    return good


@contextmanager
def bank(versions: int, controls: int) -> Iterator[tuple[Walked, list[str]]]:
    """Open a house of its own in a folder that goes away."""
    with tempfile.TemporaryDirectory() as folder:
        made = _found(Path(folder) / "house")
        with closing(made):
            yield made, fill(made, versions, controls)


def timed(does: Callable[[], object]) -> float:
    """Return the seconds of processor time that something takes."""
    begun = time.thread_time()
    does()
    return time.thread_time() - begun


def main() -> None:
    with bank(VERSIONS, CONTROLS) as (made, names):
        made.close()  # what filled the house remembers nothing for us
        context = made.context("omar")
        took = {"the first look, nothing remembered": timed(lambda: posture_list(context))}
        found = posture_list(context)
        if (len(found), {line.state for line in found}, plain(context)) != (VERSIONS, {"in-force"}, VERSIONS):
            msg = "not every release stands: the figures mean nothing"
            raise RuntimeError(msg)
        took["looking again"] = statistics.median(timed(lambda: posture_list(context)) for _ in range(ROUNDS))
        after = []
        for name in names[:ROUNDS]:
            context.record(replace(auc(0.8), version=name, check="check-0"))
            after.append(timed(lambda: posture_list(context)))
        took["looking after one record came"] = statistics.median(after)
        took["what muster up does every minute"] = statistics.median(
            timed(lambda: update(context)) for _ in range(ROUNDS)
        )
        took["plain: every release judged anew"] = timed(lambda: plain(context))
    ours, base = took["looking after one record came"], took["plain: every release judged anew"]
    rows = [[what, seconds, base / seconds] for what, seconds in took.items()]
    print(table(f"{VERSIONS:,} releases x {CONTROLS} controls", ["what", "seconds", "times faster than plain"], rows))
    figures = {
        "seconds_first_look": took["the first look, nothing remembered"],
        "seconds_again": took["looking again"],
        "seconds_after_one_record": ours,
        "seconds_every_minute": took["what muster up does every minute"],
        "seconds_plain": base,
        "times_faster_than_plain": base / ours,
    }
    close("posture", figures)


if __name__ == "__main__":
    main()
