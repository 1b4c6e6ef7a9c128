"""Trials: what a version did beside the champion, measured for the gate before it may answer everybody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from muster.lifecycle.desk.action import action
from muster.lifecycle.desk.asking import ask, find_version
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.models.demanded import asked_of
from muster.lifecycle.desk.models.logged import logged
from muster.lifecycle.desk.posture.sent import sent
from muster.lifecycle.serve.traffic.folding import BESIDE, FAULTS
from muster.ports.log import Stream
from muster.records.canonical import canonical
from muster.records.codec import encode
from muster.records.decision import Decision, Question
from muster.records.evidence import Evidence
from muster.records.model import ModelVersion
from muster.records.people import Role
from muster.records.policy import Control, Requirement
from muster.records.release import Deployment, Part
from muster.rules.gate.measured import TRIAL, parameters_of, trial_in

if TYPE_CHECKING:
    from muster.columns.sample import Sample

Demands = Sequence[tuple[Control, Requirement]]


@dataclass(frozen=True, slots=True)
class Span:
    """A time in which orders named a version beside a champion; None: to this day."""

    begin: datetime
    end: datetime | None
    part: str


@dataclass(frozen=True, slots=True)
class Trial:
    """When a version was beside which champion, what it did then, and what the gate says of it with that."""

    deployment: str
    version: str
    champion: str
    spans: tuple[Span, ...]
    decisions: int
    champion_decisions: int
    evidence: tuple[Evidence, ...]
    decision: Decision


@action("traffic measure", roles=(Role.OPERATOR, Role.VALIDATOR, Role.ML_ENGINEER))
def measure(context: Context, name: str, version: str, group: str = "default") -> Trial:
    """Measure what the policy asks of a version before it may answer everybody: what it did beside the champion.

    All that it decided there counts, in the shadow and as a challenger, from the first orders that named it beside the
    champion to the newest: a trial that went wrong is not undone by another one.

    Parameters
    ----------
    name
        Of the deployment.
    version
        Challenger or shadow, now or before.

    Raises
    ------
    LookupError
        If orders never named it there beside a champion.
    Suspicious
        If the log was altered.
    """
    from muster.checks.evidence import evidence_of

    context.house.ledger.refresh()
    found = find_version(context, version)
    champion, spans = beside(context, group, name, found.digest)
    asked = asked_of(context, found, champion.environment, TRIAL)
    groups = sorted({str(parameters_of(*each)["groups"]) for each in asked if "groups" in parameters_of(*each)})
    context.progress(f"reading what {name} logged since {spans[0].begin:%Y-%m-%d %H:%M} UTC")
    sample = _sample(context, found, champion, group, spans, groups)
    # Controls may ask for the same measurement, each for another figure of it.
    once = {(control.check, canonical(parameters_of(control, each))): (control, each) for control, each in asked}
    evidence = []
    for control, requirement in once.values():
        context.progress(f"measuring {control.check} for {control.id}")
        evidence.append(evidence_of(found.digest, control.check, parameters_of(control, requirement), sample))
    context.record(*evidence)
    question = Question(found.digest, found.use_case, champion.environment)
    counts = _counted(sample)
    return Trial(name, found.digest, champion.version, spans, *counts, tuple(evidence), ask(context, question).decision)


def beside(context: Context, group: str, name: str, version: str) -> tuple[Deployment, tuple[Span, ...]]:
    """Return the champion that a version was last beside under a name, and when it was; raise LookupError if never."""
    last: Deployment | None = None
    spans: list[Span] = []
    end: datetime | None = None
    for orders in sent(context, group):  # the newest first
        mine = [each for each in orders.deployments if each.name == name]
        part = next((each.part for each in mine if each.version == version), None)
        champion = next((each for each in mine if each.part is Part.CHAMPION), None)
        if champion is not None and part in (Part.CHALLENGER, Part.SHADOW):
            last = last or champion
            if champion.version == last.version:
                _before(spans, Span(orders.issued_at, end, str(part)))
        end = orders.issued_at
    if last is None:
        msg = (
            f"version {version} was never beside a champion of {name!r}: `muster traffic set {name} --shadow` does that"
        )
        raise LookupError(msg)
    return last, tuple(spans)


def _before(spans: list[Span], span: Span) -> None:
    """Put a span before the others; one that goes over into the next is one with it."""
    if spans and (spans[0].begin, spans[0].part) == (span.end, span.part):
        spans[0] = Span(span.begin, spans[0].end, span.part)
    else:
        spans.insert(0, span)


def _sample(
    context: Context,
    version: ModelVersion,
    champion: Deployment,
    group: str,
    spans: Sequence[Span],
    groups: Sequence[str],
) -> Sample:
    import pyarrow as pa

    from muster.columns.sample import Sample
    from muster.columns.traffic.trial import CHAMPION, TRIED, refused, within

    times = [(span.begin, span.end) for span in spans]
    whose = {version.digest: TRIED, champion.version: CHAMPION}
    rows = [within(each, times) for each in _rows(context, champion.name, whose, groups)]
    nothing = within(refused(TRIED, "", [], [], groups), times)
    table = pa.concat_tables(
        [nothing.select(nothing.column_names), *(each.select(nothing.column_names) for each in rows)]
    )
    about = {"deployment": champion.name, "group": group, "version": version.digest, "champion": champion.version}
    told = {**about, "spans": [encode(span) for span in spans], "rows": table.num_rows}
    return Sample.of(
        table,
        "score",
        version.manifest.decision,
        name=trial_in(champion.environment, group, champion.name),
        digest=context.house.blobs.put(canonical(told)),
        role=TRIAL,
    )


def _rows(context: Context, name: str, whose: dict[str, str], groups: Sequence[str]) -> Iterator[Any]:
    """Yield what the log has of both, as rows of a trial; of the version also what it did in the shadow."""
    from muster.columns.traffic.trial import TRIED, decided

    tried = {version: of for version, of in whose.items() if of == TRIED}
    for stream, which in ((Stream.DECISIONS, whose), (Stream.SHADOWS, tried)):
        for of, rows in _of(context, name, stream, which):
            yield decided(of, rows, groups)
    for stream, which in ((Stream.REFUSALS, whose), (Stream.SHADOW_REFUSALS, tried)):
        for of, rows in _of(context, name, stream, which):
            yield from _undecided(of, rows, groups)


def _undecided(of: str, rows: Any, groups: Sequence[str]) -> Iterator[Any]:
    """Yield requests that a model failed on, and those that its guards refused."""
    from muster.columns.traffic.trial import FAULT, REFUSED, refused

    told = zip(rows.column("guard").to_pylist(), rows.column("at"), rows.column("rows").to_pylist(), strict=True)
    kept = [(guard, at.as_py(), count) for guard, at, count in told if guard not in BESIDE]
    for what, mine in ((FAULT, True), (REFUSED, False)):
        some = [each for each in kept if (each[0] in FAULTS) is mine]
        yield refused(of, what, [at for _, at, _ in some], [count for *_, count in some], groups)


def _of(context: Context, name: str, stream: Stream, whose: dict[str, str]) -> Iterator[tuple[str, Any]]:
    import pyarrow as pa
    import pyarrow.compute as pc

    for batch in logged(context, name, stream):
        table = pa.Table.from_batches([pa.record_batch(batch)])
        of = pc.cast(table.column("version"), pa.string())
        for version in pc.unique(of).to_pylist():
            if version in whose:
                yield whose[version], table.filter(pc.equal(of, pa.scalar(version)))


def _counted(sample: Sample) -> tuple[int, int]:
    from muster.columns.traffic.trial import sides

    one, champion = sides(sample.table, "")
    return one.rows, champion.rows
