"""Figures of a canary, from the log: its decisions held against those of the champion in the same time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.models.logged import logged
from muster.ports.log import INPUT, Stream
from muster.records.evidence import Figure
from muster.records.traffic.canary import CanaryPlan
from muster.rules.gate.guarding import CONSISTENT, PLAUSIBLE, RATE, SIZE
from muster.rules.traffic.judging import APPROVAL, DRIFT, ERRORS, FAIRNESS, FEWEST, LATENCY, REFUSALS

if TYPE_CHECKING:
    from muster.columns.arrow import Floats

FAULTS = (PLAUSIBLE, CONSISTENT)
"""Guards that refuse what a model made of a request: the model failed, not the caller."""

BESIDE = (RATE, SIZE, "log")
"""Refusals that have nothing to do with a version."""

BINS = 10
"""Bins of the scores, of about equal counts of the champion's."""


@dataclass(slots=True)
class Side:
    """What the log says of one version since a moment."""

    scores: list[Any] = field(default_factory=list)
    latencies: list[Any] = field(default_factory=list)
    favoured: int = 0
    decided: int = 0
    """Rows that were not left to a person."""
    rows: int = 0
    faults: int = 0
    refused: int = 0
    groups: dict[str, list[int]] = field(default_factory=dict)
    """Favoured and decided, by group."""


def figures_of(context: Context, plan: CanaryPlan, since: datetime) -> tuple[Figure, ...]:
    """Return what is known of a canary since a moment; a figure that cannot be computed is left out.

    The log is read as its gateways must seal it: what is not sealed where the trust root demands that is left out, and
    what was altered raises :class:`~muster.records.access.alert.Suspicious`.
    """
    canary, champion = Side(), Side()
    sides = {plan.version: canary, plan.champion: champion}
    for batch, version in _since(context, plan.name, Stream.DECISIONS, since, sides):
        _add(sides[version], batch, plan.groups)
    for batch, version in _since(context, plan.name, Stream.REFUSALS, since, sides):
        for guard, rows in zip(batch.column("guard").to_pylist(), batch.column("rows").to_pylist(), strict=True):
            sides[version].faults += rows if guard in FAULTS else 0
            sides[version].refused += rows if guard not in (*FAULTS, *BESIDE) else 0
    return tuple(_figures(canary, champion, groups=bool(plan.groups)))


def _since(
    context: Context, name: str, stream: Stream, since: datetime, versions: dict[str, Side]
) -> Iterator[tuple[Any, str]]:
    """Yield rows of the log since a moment, one version at a time."""
    import pyarrow as pa
    import pyarrow.compute as pc

    start = pa.scalar(since, pa.timestamp("us", "UTC"))
    for batch in logged(context, name, stream):
        table = pa.Table.from_batches([pa.record_batch(batch)])
        found = table.filter(pc.greater_equal(table.column("at"), start))
        if not found.num_rows:
            continue
        of = pc.cast(found.column("version"), pa.string())
        for version in pc.unique(of).to_pylist():
            if version in versions:
                yield found.filter(pc.equal(of, pa.scalar(version))), version


def _add(side: Side, batch: Any, groups: str) -> None:
    import pyarrow as pa
    import pyarrow.compute as pc

    favourable = batch.column("favourable")
    side.rows += batch.num_rows
    side.decided += batch.num_rows - favourable.null_count
    side.favoured += pc.sum(favourable).as_py() or 0
    side.scores.append(batch.column("score").to_numpy())
    side.latencies.append(batch.column("latency_us").to_numpy())
    if groups and INPUT + groups in batch.column_names:
        told = pc.cast(batch.column(INPUT + groups), pa.string()).to_pylist()
        for group, favoured in zip(told, favourable.to_pylist(), strict=True):
            if group is not None and favoured is not None:
                counts = side.groups.setdefault(group, [0, 0])
                counts[0] += favoured
                counts[1] += 1


def _figures(canary: Side, champion: Side, *, groups: bool) -> Iterator[Figure]:
    if not canary.rows + canary.faults + canary.refused or not champion.rows + champion.faults + champion.refused:
        return
    yield _apart(ERRORS, canary.faults, canary.rows + canary.faults, champion.faults, champion.rows + champion.faults)
    asked, others = canary.rows + canary.refused, champion.rows + champion.refused
    yield _apart(REFUSALS, canary.refused, asked, champion.refused, others)
    yield _apart(APPROVAL, canary.favoured, canary.decided, champion.favoured, champion.decided)
    if canary.rows and champion.rows:
        yield _slower(canary, champion)
        yield _drifted(canary, champion)
    if groups and (fairness := _fairness(canary)) is not None:
        yield fairness


def _apart(name: str, hits: int, trials: int, other_hits: int, other_trials: int) -> Figure:
    """Return how far two shares are apart (Newcombe's interval)."""
    from muster.columns.statistics.intervals import difference

    low, high = difference(hits, trials, other_hits, other_trials)
    value = (hits / trials if trials else 0.0) - (other_hits / other_trials if other_trials else 0.0)
    return Figure(name, value, min(trials, other_trials), float(low), float(high), note=f"champion n = {other_trials}")


def _slower(canary: Side, champion: Side) -> Figure:
    """Return by how much the 99th percentile of latency is higher; the interval takes both at their worst."""
    one, other = _quantile(canary.latencies), _quantile(champion.latencies)
    low, value, high = (
        one[0] / max(other[2], 1.0),
        one[1] / max(other[1], 1.0),
        one[2] / max(other[0], 1.0),
    )
    note = f"p99 {one[1] / 1000:.2f} ms, champion {other[1] / 1000:.2f} ms"
    return Figure(LATENCY, value, min(canary.rows, champion.rows), low, high, note=note)


def _quantile(parts: Sequence[Floats], share: float = 0.99) -> tuple[float, float, float]:
    """Return lower limit, value and upper limit of a quantile, from order statistics (binomial, normal approximation).

    Source: Conover, Practical Nonparametric Statistics, 3rd edition, section 3.2. The upper limit is infinite where
    there are too few values to have one.
    """
    import numpy as np

    from muster.columns.statistics.intervals import Z

    ordered = np.sort(np.concatenate(parts).astype(np.float64))
    half = Z * float(np.sqrt(ordered.size * share * (1 - share)))
    at = ordered.size * share
    lower, upper = int(np.floor(at - half)), int(np.ceil(at + half))
    low = float(ordered[lower]) if lower >= 0 else 0.0
    high = float(ordered[upper]) if upper < ordered.size else float("inf")
    return low, float(np.quantile(ordered, share)), high


def _drifted(canary: Side, champion: Side) -> Figure:
    import numpy as np

    from muster.columns.statistics.bins import count_numbers, quantile_edges
    from muster.columns.statistics.divergence import stability

    one, other = np.concatenate(canary.scores), np.concatenate(champion.scores)
    edges = quantile_edges(other, most=BINS)
    found = stability(count_numbers(other, edges)[0], count_numbers(one, edges)[0])
    return Figure(DRIFT, found.value, min(one.size, other.size), found.low, found.high, note=f"{edges.size + 1} bins")


def _fairness(canary: Side) -> Figure | None:
    """Return the least ratio of favourable decisions of a group to those of the most favoured one."""
    from muster.columns.statistics.intervals import ratio

    known = {group: counts for group, counts in canary.groups.items() if counts[1] >= FEWEST}
    if len(known) < 2:
        return None
    best = max(known, key=lambda group: known[group][0] / known[group][1])
    if not known[best][0]:
        return None
    found = []
    for group in known.keys() - {best}:
        low, high = ratio(*known[group], *known[best])
        value = known[group][0] / known[group][1] * known[best][1] / known[best][0]
        n = min(known[group][1], known[best][1])
        found.append(Figure(FAIRNESS, value, n, float(low), float(high), group, f"against {best}"))
    return min(found, key=lambda figure: figure.value)
