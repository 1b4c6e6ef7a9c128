"""Overrides: people decide otherwise than a model, and say why; how often is a figure about the model."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from muster.lifecycle.desk.action import action, view
from muster.lifecycle.desk.asking import find_version
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.keeping import locked_until
from muster.lifecycle.desk.models.logged import logged
from muster.lifecycle.desk.reach.cover import require_one_for
from muster.ports.vault import Erased
from muster.records.governance.overrides import APPROVE, REFER, REFUSE, Override
from muster.records.people import Role
from muster.rules.personal import Words, salted

DECIDERS = (Role.OPERATOR, Role.RISK_ANALYST, Role.OWNER)
READERS = (*DECIDERS, Role.VALIDATOR, Role.AUDITOR, Role.EXECUTIVE)


@dataclass(frozen=True, slots=True)
class OverrideLine:
    """An override, with its reason as far as it can still be read."""

    decision: str
    deployment: str
    version: str
    was: str
    to: str
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class OverrideRate:
    """How often people decide otherwise than a version under one deployment: one figure with its Wilson interval."""

    deployment: str
    version: str
    figure: str
    """``override_rate`` of what it decided, ``referral_rate`` of all, ``answered_rate`` of what was left to people."""
    value: float
    low: float
    high: float
    n: int


@action("override record", roles=DECIDERS)
def record(context: Context, decision: str, deployment: str, to: str, reason: str) -> OverrideLine:
    """Record that a person decided otherwise than the model, or decided what had been left to a person.

    Parameters
    ----------
    decision
        Id of the decision, as the answer and the log have it.
    deployment
        Name under which it was asked.
    to
        `approve` or `refuse`.
    reason
        Why; it is sealed, so that it can be erased, and the record itself names nobody.

    Raises
    ------
    LookupError
        If the log holds no such decision.
    """
    if to not in (APPROVE, REFUSE):
        msg = f"a decision is overridden to {APPROVE} or to {REFUSE}, not to {to!r}"
        raise ValueError(msg)
    if not reason.strip():
        msg = "say why: an override without a reason cannot be reviewed"
        raise ValueError(msg)
    context.house.ledger.refresh()
    basis = context.basis()
    found = _decision(context, deployment, decision)
    earlier = [known for _, known in context.history(Override, f"decision:{decision}")]
    now = earlier[-1].to if earlier else _said(found["favourable"])
    if now == to:
        msg = f"decision {decision} is {to} already: there is nothing to override"
        raise ValueError(msg)
    version = find_version(context, found["version"])
    require_one_for(context, DECIDERS, version.use_case)  # the name may have been another use case's then
    locked = locked_until(context, "comments")
    sealed = context.house.vault.seal(f"actor:{context.identity.id}", salted(reason).to_bytes(), locked)
    override = Override(decision, deployment, version.digest, version.use_case, now, to, sealed)
    context.record(override, expect=basis)
    return _lines(context, f"decision:{decision}")[-1]


@view("override list", roles=READERS)
def listed(context: Context, deployment: str = "") -> tuple[OverrideLine, ...]:
    """List overrides, oldest first; of one deployment where it is named."""
    context.house.ledger.refresh()
    return tuple(line for line in _lines(context) if deployment in ("", line.deployment))


@view("override rate", roles=READERS)
def rate(context: Context, deployment: str) -> tuple[OverrideRate, ...]:
    """Show how often people decide otherwise than each version of a deployment, with interval and number."""
    import pyarrow as pa
    import pyarrow.compute as pc

    context.house.ledger.refresh()
    counted: dict[str, list[int]] = {}
    for batch in logged(context, deployment):
        versions = pc.cast(batch.column("version"), pa.string())
        left = pc.is_null(batch.column("favourable"))
        for version in map(str, pc.unique(versions).to_pylist()):
            mine = pc.equal(versions, pa.scalar(version))
            counts = counted.setdefault(version, [0, 0])
            counts[0] += pc.sum(mine).as_py() or 0
            counts[1] += pc.sum(pc.and_(mine, left)).as_py() or 0
    first: dict[str, Override] = {}
    last: dict[str, Override] = {}
    for _, known in context.history(Override):
        if known.deployment == deployment:
            first.setdefault(known.decision, known)
            last[known.decision] = known
    return tuple(
        OverrideRate(deployment, version, figure, *_rate(hits, trials))
        for version, (total, left) in sorted(counted.items())
        for figure, hits, trials in _counts(version, total, left, first, last)
    )


def _counts(
    version: str, total: int, left: int, first: dict[str, Override], last: dict[str, Override]
) -> tuple[tuple[str, int, int], ...]:
    mine = [known for known in first.values() if known.version == version]
    overridden = sum(known.was != REFER and last[known.decision].to != known.was for known in mine)
    answered = sum(known.was == REFER for known in mine)
    return (
        ("override_rate", overridden, total - left),
        ("referral_rate", left, total),
        ("answered_rate", answered, left),
    )


def _rate(hits: int, trials: int) -> tuple[float, float, float, int]:
    from muster.columns.statistics.intervals import wilson

    low, high = wilson(hits, trials)
    return hits / trials if trials else 0.0, float(low), float(high), trials


def _decision(context: Context, deployment: str, decision: str) -> dict[str, Any]:
    """Return the logged row of a decision; raise LookupError where there is none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    for batch in logged(context, deployment):
        found = pa.Table.from_batches([batch]).filter(pc.equal(batch.column("decision_id"), pa.scalar(decision)))
        if found.num_rows:
            return dict(found.select(["version", "favourable"]).to_pylist()[0])
    msg = f"the log of deployment {deployment!r} holds no decision {decision!r}; what gateways write now comes later"
    raise LookupError(msg)


def _said(favourable: bool | None) -> str:  # noqa: FBT001 - as it stands in the log
    return REFER if favourable is None else APPROVE if favourable else REFUSE


def _lines(context: Context, subject: str = "") -> list[OverrideLine]:
    found = context.history(Override, subject) if subject else context.history(Override)
    return [
        OverrideLine(
            known.decision,
            known.deployment,
            known.version,
            known.was,
            known.to,
            recorded.entry.actor,
            recorded.entry.at,
            _words(context, known.reason),
        )
        for recorded, known in found
    ]


def _words(context: Context, sealed: str) -> str:
    try:
        return Words.from_bytes(context.house.vault.open(sealed)).words
    except (Erased, KeyError):
        return "(erased)"
