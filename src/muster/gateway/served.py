"""Served: one deployment that was admitted, and how it answers: guards, encoder, model, guards, log, in this order."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from muster.columns.encoder import Unknown
from muster.columns.plan import Plan, favourable
from muster.gateway.ids import unique_ids
from muster.gateway.recording import Recorder, joined
from muster.guards.chain import Chain
from muster.guards.guard import REFERRED, Decisions, Event, Outcome, Rows, Ruling, Scores
from muster.ports.log import Source

DECISION_ID = "{decision_id}"
"""Stands for a decision's id in the address of a review."""


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
    """A guard refused the rows: the door answers with the reason, the log has it too; ``guard`` is who refused."""

    def __init__(self, reason: str, guard: str = "") -> None:
        super().__init__(reason)
        self.guard = guard


class Reasoner(Protocol):
    """Says why rows were refused, as codes of the governed reason map."""

    words: Mapping[str, str]
    """What each code is told as."""

    def codes(self, encoded: Any, rows: Sequence[int]) -> list[Sequence[str]]:
        """Return for each of these rows the codes of its principal reasons, the worst first."""
        ...


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of the rows of one request: one value a row in every list, for each protocol to write its own way."""

    deployment: str
    version: str
    request_id: str
    decision_ids: list[str]
    scores: list[float]
    favourable: list[bool | None]
    """None where a person decides."""
    decisions: list[str]
    """The rule's labels, or ``refer``."""
    guards: str = ""
    """The ruling of each guard on the request: ``schema=allow envelope=flag``."""
    flags: list[Sequence[str]] = field(default_factory=list)
    """Marks of each row, such as ``outside-range:AGE``, ``near-threshold`` or ``rule:large-loan``."""
    reasons: list[Sequence[str]] = field(default_factory=list)
    """Codes of the principal reasons of each adverse row; empty of others, and where there is no reason map."""
    words: Mapping[str, str] = field(default_factory=dict)
    """What each code is told as."""
    review: str = ""
    """Address at which a person looks again, with ``{decision_id}`` in it; empty where there is none."""
    logged: bool = True
    """False where the policy answers without the log."""
    versions: list[str] = field(default_factory=list)
    """The version of each row, where several decided; empty where one did."""

    def review_of(self, row: int) -> str:
        """Return where a person can be asked to look at a row that was not decided favourably; empty if nowhere."""
        if not self.review or self.favourable[row]:
            return ""
        return self.review.replace(DECISION_ID, self.decision_ids[row])


@dataclass(frozen=True, slots=True)
class Answering:
    """What a policy and orders add to answers."""

    words: Mapping[str, str] = field(default_factory=dict)
    """What the rules of the house are told as, by mark."""
    review: str = ""
    reasoner: Reasoner | None = None


@dataclass(frozen=True, slots=True)
class Served:
    """A deployment as it stands in memory. Nothing in it changes: new orders make a new one."""

    model: Model
    encoder: Columns
    guards: Chain
    decisions: Source
    recorder: Recorder
    answering: Answering = field(default_factory=Answering)
    use_case: str = ""

    @property
    def aside(self) -> bool:
        """Whether the model computes in another process, so that an event loop must not wait for it."""
        return bool(getattr(self.model, "aside", False))

    @property
    def may_lose(self) -> bool:
        """Whether the policy has it answer without the log."""
        return self.recorder.may_lose

    @property
    def platform(self) -> str:
        """What runs the model, as its metadata name it."""
        return str(getattr(self.model, "platform", "muster_onnx"))

    @property
    def version(self) -> str:
        """Digest of the version that decides."""
        return self.decisions.version

    async def room(self, rows: int) -> None:
        """Wait for the log where the policy says so; to be awaited before :meth:`decide`."""
        await self.recorder.room(rows)

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
            If the log cannot take the rows, and the policy says that what cannot be logged is not answered.
        """
        micros = int(at.timestamp() * 1_000_000)
        *ids, spare = unique_ids(rows.size + 1, micros // 1000)
        request_id = request_id or spare
        stamp = {"request_id": request_id, "at": micros}
        rulings = self._judge(rows, stamp, rows.size)
        if rulings[-1].outcome is Outcome.REFUSE:
            raise Refused(rulings[-1].reason, rulings[-1].guard)
        began = time.perf_counter()
        encoded = self._encoded(rows, stamp)
        scores = self.model.scores(encoded)
        scored = time.perf_counter() - began
        values = scores.tolist()
        rulings += self._sound(Scores(values, _marks(rulings)), stamp, rows.size)
        verdict = self._verdict(scores, values, rulings)
        rulings += self._sound(verdict, stamp, rows.size)
        flags = joined(rulings, rows.size)
        said = " ".join([f"{ruling.guard}={ruling.outcome}" for ruling in rulings])
        reasons = self._reasons(encoded, verdict, rulings)
        constant = {**stamp, "guards": said, "scored_us": int(scored * 1_000_000)}
        constant["latency_us"] = int((time.perf_counter() - started) * 1_000_000)
        block: dict[str, Any] = {name: [value] * rows.size for name, value in constant.items()}
        block |= {"decision_id": ids, "score": values, "favourable": verdict.favourable}
        block |= {"decision": verdict.decisions, "flags": flags, "reasons": reasons}
        logged = self.recorder.decided(rows, block, stamp)
        return Decided(
            self.decisions.deployment,
            self.version,
            request_id,
            ids,
            values,
            verdict.favourable,
            verdict.decisions,
            said,
            flags,
            reasons,
            self.answering.words,
            self.answering.review,
            logged,
        )

    def _judge(self, event: Event, stamp: Mapping[str, Any], size: int) -> tuple[Ruling, ...]:
        rulings = self.guards.feed(event).rulings
        if rulings[-1].outcome is Outcome.REFUSE:
            self.recorder.refused(rulings[-1], stamp, size)
        return rulings

    def _sound(self, event: Event, stamp: Mapping[str, Any], size: int) -> tuple[Ruling, ...]:
        """Judge what came of the rows; raise ArithmeticError where that is refused."""
        rulings = self._judge(event, stamp, size)
        if rulings[-1].outcome is Outcome.REFUSE:
            raise ArithmeticError(rulings[-1].reason)
        return rulings

    def _encoded(self, rows: Rows, stamp: Mapping[str, Any]) -> Any:
        """Encode; the encoder is as strict as the schema, and whatever only it notices is refused too."""
        try:
            return self.encoder.encode(rows.columns)
        except ValueError as error:
            self.recorder.refused(Ruling("encoder", Outcome.REFUSE, str(error)), stamp, rows.size)
            raise Refused(str(error), "encoder") from None

    def _verdict(self, scores: Any, values: list[float], rulings: Sequence[Ruling]) -> Decisions:
        """Decide by score, but where a guard has decided otherwise; a refusal counts more than a person's look."""
        rule = self.model.plan.decision
        favoured: list[bool | None] = favourable(scores, rule).tolist()
        decided: dict[int, bool | None] = {}
        for ruling in rulings:
            if ruling.outcome is Outcome.ABSTAIN:
                decided |= {row: None for row in ruling.referred if row not in decided}
                decided |= dict.fromkeys(ruling.declined, False)
        for row, outcome in decided.items():
            favoured[row] = outcome
        labels = [
            REFERRED if favour is None else rule.favourable_label if favour else rule.adverse_label
            for favour in favoured
        ]
        return Decisions(values, favoured, labels, decided)

    def _reasons(self, encoded: Any, verdict: Decisions, rulings: Sequence[Ruling]) -> list[Sequence[str]]:
        """Return the codes of each adverse row: of the rule that refused it, or of the factors that moved its score."""
        reasons: list[Sequence[str]] = [()] * len(verdict.scores)
        if False not in verdict.favourable:
            return reasons
        declined = {row: mark for ruling in rulings for row, mark in ruling.declined.items()}
        for row, mark in declined.items():
            reasons[row] = [mark]
        reasoner = self.answering.reasoner
        if reasoner is not None:
            rows = [row for row, favour in enumerate(verdict.favourable) if favour is False and row not in declined]
            for row, codes in zip(rows, reasoner.codes(encoded, rows) if rows else (), strict=True):
                reasons[row] = codes
        return reasons


def _marks(rulings: Sequence[Ruling]) -> Mapping[int, Sequence[str]]:
    """Return the marks that rows carry, of those that carry any."""
    marks: dict[int, list[str]] = {}
    for ruling in rulings:
        for row, found in ruling.flags.items():
            marks.setdefault(row, []).extend(found)
    return marks
