"""Deciding: many rows at once, arrays all the way; what becomes of each is what a gateway would have answered.

:func:`decide_batch` is a function of what is served and of the rows alone, so that any process can do it. A row that a
guard refuses costs the others nothing: it is found by halving, and the rest is decided without it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from muster.columns.encoding.coded import Coded
from muster.columns.plan import favourable
from muster.gateway.served import Served
from muster.guards.chain import Chain
from muster.guards.guard import REFERRED, Decisions, Event, Outcome, Rows, Ruling, Scores

RATE = "rate"
"""The guard that says when, and not whether."""


class Refusal(NamedTuple):
    """Who refused a row, and why."""

    guard: str
    reason: str


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of rows; arrays have one value a row that was accepted, in their order."""

    accepted: NDArray[np.intp]
    """Numbers of the rows that were decided."""
    scores: NDArray[np.float64]
    favourable: NDArray[np.int8]
    """1, 0, and -1 where a person decides."""
    decisions: Coded
    guards: str = ""
    """The ruling of each guard on the rows that were accepted."""
    flags: Mapping[int, Sequence[str]] = field(default_factory=dict)
    """Marks by place among the accepted rows; so with the reasons."""
    reasons: Mapping[int, Sequence[str]] = field(default_factory=dict)
    refusals: Mapping[int, Refusal] = field(default_factory=dict)
    """By number of the row."""


def decide_batch(
    served: Served,
    rows: Rows,
    faults: Mapping[int, str] | None = None,
    *,
    reasons: bool = False,
    pause: Callable[[], None] = lambda: None,
) -> Batch:
    """Decide rows.

    Parameters
    ----------
    served
        What decides; neither its log nor anything else of it is touched.
    rows
        No more than its guards take at once.
    faults
        Rows that could not even be read, and why.
    reasons
        Whether adverse rows are to have the codes of their reasons.
    pause
        Called where the policy's rate is reached; the rows are tried again when it returns.

    Raises
    ------
    ArithmeticError
        If a guard refuses the model's own answer.
    OSError
        If a model of another process cannot answer.
    """
    refusals = {row: Refusal("schema", reason) for row, reason in (faults or {}).items()}
    kept = np.setdiff1d(np.arange(rows.size), np.fromiter(refusals, np.intp, len(refusals)))
    left = rows if len(kept) == rows.size else _taken(rows, kept)
    if not left.size:
        return _nothing(served, refusals)
    judged = _judged(served, served.guards, left, pause)
    if isinstance(judged, Refusal):
        found: dict[int, Refusal] = {}
        paid = served.guards.beside(RATE)  # each row counts once, however often it is looked at
        _search(served, paid, left, 0, found)
        refusals |= {int(kept[row]): refusal for row, refusal in found.items()}
        kept = np.delete(kept, list(found))
        left = _taken(rows, kept)
        if not left.size:
            return _nothing(served, refusals)
        judged = _judged(served, paid, left, pause)
        if isinstance(judged, Refusal):
            msg = f"guard {judged.guard} refuses together what it accepts row by row: {judged.reason}"
            raise ArithmeticError(msg)
    return _decided(served, kept, judged, refusals, reasons=reasons)


def _decided(
    served: Served,
    kept: NDArray[np.intp],
    judged: tuple[tuple[Ruling, ...], Any],
    refusals: Mapping[int, Refusal],
    *,
    reasons: bool,
) -> Batch:
    rulings, encoded = judged
    scores = served.model.scores(encoded)
    rulings += _sound(served, Scores(scores, _marks(rulings)))
    verdict = _verdict(served, scores, rulings)
    rulings += _sound(served, verdict)
    said = " ".join([f"{ruling.guard}={ruling.outcome}" for ruling in rulings])
    favoured = np.asarray(verdict.favourable, np.int8)
    codes = _reasons(served, encoded, favoured, rulings, wanted=reasons)
    labels = Coded(_labels(served), favoured + np.int32(1))
    return Batch(kept, scores, favoured, labels, said, _marks(rulings), codes, refusals)


def _nothing(served: Served, refusals: Mapping[int, Refusal]) -> Batch:
    none = np.empty(0, np.int32)
    labels = Coded(_labels(served), none)
    return Batch(none.astype(np.intp), np.empty(0), none.astype(np.int8), labels, refusals=refusals)


def _labels(served: Served) -> tuple[str, str, str]:
    rule = served.model.plan.decision
    return REFERRED, rule.adverse_label, rule.favourable_label


def _judged(
    served: Served, guards: Chain, rows: Rows, pause: Callable[[], None] = lambda: None
) -> tuple[tuple[Ruling, ...], Any] | Refusal:
    """Return the rulings on rows and what the encoder made of them, or who refused."""
    rulings = guards.feed(rows).rulings
    while rulings[-1].outcome is Outcome.REFUSE and rulings[-1].guard == RATE:
        pause()
        rulings = guards.feed(rows).rulings
    if rulings[-1].outcome is Outcome.REFUSE:
        return Refusal(rulings[-1].guard, rulings[-1].reason)
    try:
        return rulings, served.encoder.encode(_plain(rows) if served.aside else rows.columns)
    except ValueError as error:
        return Refusal("encoder", str(error))


def _search(served: Served, guards: Chain, rows: Rows, first: int, found: dict[int, Refusal]) -> None:
    """Find every row that is refused on its own."""
    judged = _judged(served, guards, rows)
    if not isinstance(judged, Refusal):
        return
    if rows.size == 1:  # which row it is stands beside the reason, by its number in the file
        found[first] = Refusal(judged.guard, judged.reason.replace(", row 0: ", ": ").removeprefix("row 0: "))
        return
    half = rows.size // 2
    _search(served, guards, _taken(rows, slice(0, half)), first, found)
    _search(served, guards, _taken(rows, slice(half, None)), first + half, found)


def _taken(rows: Rows, which: Any) -> Rows:
    columns = {name: values[which] for name, values in rows.columns.items()}
    size = len(next(iter(columns.values())))
    return Rows(size, columns, rows.datatypes)


def _plain(rows: Rows) -> dict[str, Any]:
    """Return the columns as a model of another process is given them."""
    return {name: v.tolist() if isinstance(v, Coded) else v for name, v in rows.columns.items()}


def _sound(served: Served, event: Event) -> tuple[Ruling, ...]:
    rulings = served.guards.feed(event).rulings
    if rulings[-1].outcome is Outcome.REFUSE:
        raise ArithmeticError(rulings[-1].reason)
    return rulings


def _marks(rulings: Sequence[Ruling]) -> dict[int, list[str]]:
    marks: dict[int, list[str]] = {}
    for ruling in rulings:
        for row, found in ruling.flags.items():
            marks.setdefault(row, []).extend(found)
    return marks


def _verdict(served: Served, scores: NDArray[np.float64], rulings: Sequence[Ruling]) -> Decisions:
    """Decide by score, but where a guard has decided otherwise; a refusal counts more than a person's look."""
    favoured = favourable(scores, served.model.plan.decision).astype(np.int8)
    decided: dict[int, bool | None] = {}
    for ruling in rulings:
        if ruling.outcome is Outcome.ABSTAIN:
            decided |= {row: None for row in ruling.referred if row not in decided}
            decided |= dict.fromkeys(ruling.declined, False)
    for row, outcome in decided.items():
        favoured[row] = -1 if outcome is None else outcome
    labels = Coded(_labels(served), favoured + np.int32(1))
    return Decisions(scores, favoured, labels, decided)  # type: ignore[arg-type]  # an array is a sequence of floats


def _reasons(
    served: Served, encoded: Any, favoured: NDArray[np.int8], rulings: Sequence[Ruling], *, wanted: bool
) -> dict[int, Sequence[str]]:
    """Return the codes of each adverse row: of the rule that refused it, or of the factors that moved its score."""
    reasons: dict[int, Sequence[str]] = {
        row: [mark] for ruling in rulings for row, mark in ruling.declined.items() if favoured[row] == 0
    }
    reasoner = served.answering.reasoner
    if wanted and reasoner is not None:
        rows = [row for row in np.flatnonzero(favoured == 0).tolist() if row not in reasons]
        reasons |= dict(zip(rows, reasoner.codes(encoded, rows) if rows else (), strict=True))
    return reasons
