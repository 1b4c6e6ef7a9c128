"""Served: one deployment that was admitted, and how it answers: guards, encoder, model, guards, log, in this order."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from muster.columns.encoder import Unknown
from muster.columns.plan import Plan, favourable
from muster.gateway.ids import unique_ids
from muster.guards.chain import Chain
from muster.guards.guard import Event, Outcome, Rows, Ruling, Scores
from muster.ports.log import INPUT, Log, Source


class Columns(Protocol):
    """Turns raw columns into what a model reads."""

    def encode(self, columns: Mapping[str, Any]) -> Any:
        """Encode rows given by column; raise ValueError where a value cannot be, naming column and row."""
        ...


class Model(Protocol):
    """A served artifact, loaded: what the adapter makes of the very bytes that were admitted."""

    @property
    def plan(self) -> Plan:
        """Inputs, their encoding, and the decision rule."""
        ...

    def encoder(self, unknown: Unknown) -> Columns:
        """Return what makes of raw columns the input of ``scores``."""
        ...

    def scores(self, encoded: Any) -> Any:
        """Return one float64 score a row of what the encoder made."""
        ...


class Refused(Exception):  # noqa: N818 - what became of a request, not a fault of ours
    """A guard refused the rows: the door answers with the reason, the log has it too."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of the rows of one request: one value a row in every list, for each protocol to write its own way."""

    deployment: str
    version: str
    request_id: str
    decision_ids: list[str]
    scores: list[float]
    favourable: list[bool]
    decisions: list[str]


@dataclass(frozen=True, slots=True)
class Served:
    """A deployment as it stands in memory. Nothing in it changes: new orders make a new one."""

    model: Model
    encoder: Columns
    guards: Chain
    decisions: Source
    refusals: Source
    log: Log

    @property
    def version(self) -> str:
        """Digest of the version that decides."""
        return self.decisions.version

    def decide(self, rows: Rows, request_id: str, at: datetime, started: float) -> Decided:
        """Decide every row, and log it.

        Parameters
        ----------
        rows
            What is asked.
        request_id
            As the caller named the request; empty: it is given one.
        at
            Now, for the log.
        started
            When the request had arrived, by ``time.perf_counter``.

        Raises
        ------
        Refused
            If a guard refuses the rows.
        ArithmeticError
            If a guard refuses the model's own answer: a fault here, not of the caller.
        OSError
            If the log cannot take the rows: what cannot be logged is not answered.
        """
        micros = int(at.timestamp() * 1_000_000)
        *ids, spare = unique_ids(rows.size + 1, micros // 1000)
        request_id = request_id or spare
        stamp = {"request_id": request_id, "at": micros}
        rulings = self._judge(rows, stamp, rows.size)
        if rulings[-1].outcome is Outcome.REFUSE:
            raise Refused(rulings[-1].reason)
        scores = self._scores(rows, stamp)
        values = scores.tolist()
        rulings += self._judge(Scores(values), stamp, rows.size)
        if rulings[-1].outcome is Outcome.REFUSE:
            raise ArithmeticError(rulings[-1].reason)
        favoured = favourable(scores, self.model.plan.decision).tolist()
        rule = self.model.plan.decision
        labels = [rule.favourable_label if favour else rule.adverse_label for favour in favoured]
        decided = {"decision_id": ids, "score": values, "favourable": favoured, "decision": labels}
        self._log(rows, stamp, rulings, decided, started)
        return Decided(self.decisions.deployment, self.version, request_id, ids, values, favoured, labels)

    def _judge(self, event: Event, stamp: Mapping[str, Any], size: int) -> tuple[Ruling, ...]:
        rulings = self.guards.feed(event).rulings
        if rulings[-1].outcome is Outcome.REFUSE:
            self._log_refusal(rulings[-1], stamp, size)
        return rulings

    def _scores(self, rows: Rows, stamp: Mapping[str, Any]) -> Any:
        """Encode and score; the encoder is as strict as the schema, and whatever only it notices is refused too."""
        try:
            matrix = self.encoder.encode(rows.columns)
        except ValueError as error:
            self._log_refusal(Ruling("encoder", Outcome.REFUSE, str(error)), stamp, rows.size)
            raise Refused(str(error)) from None
        return self.model.scores(matrix)

    def _log_refusal(self, ruling: Ruling, stamp: Mapping[str, Any], size: int) -> None:
        row = {**stamp, "guard": ruling.guard, "reason": ruling.reason, "rows": size}
        self.log.append(self.refusals, {name: [value] for name, value in row.items()})

    def _log(
        self,
        rows: Rows,
        stamp: Mapping[str, Any],
        rulings: Sequence[Ruling],
        decided: Mapping[str, list[Any]],
        started: float,
    ) -> None:
        said = " ".join(f"{ruling.guard}={ruling.outcome}" for ruling in rulings)
        constant = {**stamp, "guards": said, "latency_us": int((time.perf_counter() - started) * 1_000_000)}
        block = {name: [value] * rows.size for name, value in constant.items()}
        block["flags"] = _flags(rulings, rows.size)
        block.update(decided)
        for name, values in rows.columns.items():
            block[INPUT + name] = values
        self.log.append(self.decisions, block)


def _flags(rulings: Sequence[Ruling], size: int) -> list[Any]:
    """Join the marks of all guards, row by row."""
    flags: list[list[str]] = [[] for _ in range(size)]
    for ruling in rulings:
        for row, marks in ruling.flags.items():
            flags[row].extend(marks)
    return flags
