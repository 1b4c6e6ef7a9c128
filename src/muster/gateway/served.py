"""Served: one deployment that was admitted, and how it answers: guards, encoder, model, guards, log, in this order."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from muster.columns.encoder import Unknown
from muster.columns.many.repeated import Repeated
from muster.columns.plan import Plan, each_favourable
from muster.gateway.decided import Answering, Decided, Refused
from muster.gateway.ids import unique_ids
from muster.gateway.lone import Lone
from muster.gateway.recording import Recorder, joined, said_of
from muster.guards.chain import Chain, Verdict
from muster.guards.guard import REFERRED, Decisions, Event, Guard, Outcome, Rows, Ruling, Scores
from muster.guards.limits.rate import per_client
from muster.ports.log import Source
from muster.records.governance.serving import ClientRate

CHOSEN = b""
"""Stands for no client, where a version is kept as callers choose it."""


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


class Weighed(NamedTuple):
    """What was decided of rows, as the log takes it and as it is answered."""

    columns: Sequence[Any]
    constant: tuple[int, str, int]
    decided: Decided


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
    per_client: ClientRate | None = None
    """How many rows each client is answered; None: as many as all of them together."""
    callers_choose: bool = False
    """Whether callers may ask it, or a version beside it, by its digest."""
    asker: tuple[bytes, Guard] | None = None
    """The client who asks, and what counts the client's rows, whichever version answers; None: nobody's are counted."""
    chosen: bool = False
    """Whether a caller asked for this very version."""
    lone: Lone | None = field(init=False, compare=False, repr=False)
    """Decides plain rows that come alone; None where none is plain."""
    _clients: dict[bytes, Served] = field(default_factory=dict, init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Find out which rows are plain."""
        parts = self.model, self.encoder, self.guards, self.decisions, self.recorder, self.answering
        object.__setattr__(self, "lone", Lone.of(*parts))

    def asked_by(self, client: bytes) -> Served:
        """Return the same for one client, by the digest of its key: with a rate of its own, where there is one."""
        if self.per_client is None:
            return self
        found = self._clients.get(client)
        if found is None:
            guard = per_client(self.per_client)
            chain = self.guards.behind(guard)
            found = self._clients[client] = replace(self, guards=chain, per_client=None, asker=(client, guard))
        return found

    def beside(self, champion: Served) -> Served:
        """Return the same for whoever asks the champion: what counts the client's rows there counts them here, too."""
        if champion.asker is None:
            return self
        client, guard = champion.asker
        found = self._clients.get(client)
        if found is None or found.asker != champion.asker:
            chain = self.guards.behind(guard)
            found = self._clients[client] = replace(self, guards=chain, per_client=None, asker=champion.asker)
        return found

    def asked_for(self) -> Served:
        """Return the same as a caller chose it: it answers, whomever the traffic would have met."""
        found = self._clients.get(CHOSEN)
        if found is None:
            found = self._clients[CHOSEN] = replace(self, chosen=True)
        return found

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

    def deciding(self, rows: int) -> Sequence[tuple[Served, int]]:
        """Return who decides how many of so many rows."""
        return ((self, rows),)

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
        return self.keep(rows, self.weigh(rows, request_id, at, started))

    def keep(self, rows: Rows, weighed: Weighed) -> Decided:
        """Log what was decided of rows; from then on it counts. Raises OSError as :meth:`decide` does."""
        weighed.decided.logged = self.recorder.decided(rows, weighed.columns, weighed.constant)
        return weighed.decided

    def weigh(self, rows: Rows, request_id: str, at: datetime, started: float) -> Weighed:
        """Decide every row, and log nothing but a refusal; parameters and errors are those of :meth:`decide`."""
        size = rows.size
        micros = int(at.timestamp() * 1_000_000)
        *ids, spare = unique_ids(size + 1, micros // 1000)
        request_id = request_id or spare
        stamp = {"request_id": request_id, "at": micros}
        before = self._judge(rows, stamp, size)
        if (refusal := before.refusal) is not None:
            raise Refused(refusal.reason, refusal.guard)
        began = time.perf_counter()
        encoded = self._encoded(rows, stamp)
        values: list[float] = self.model.scores(encoded).tolist()
        scored = time.perf_counter() - began
        after = self._sound(Scores(values, {} if before.clear else _marks(before.rulings)), stamp, size)
        rulings = () if before.clear and after.clear else before.rulings + after.rulings
        favoured, labels, decided = self._verdict(values, rulings)
        last = self._sound(Decisions(values, favoured, labels, decided), stamp, size)
        if rulings or not last.clear:
            rulings = before.rulings + after.rulings + last.rulings
        said = said_of(rulings) if rulings else self.guards.clear
        flags = joined(rulings, size)
        reasons = self.reasons(encoded, favoured, rulings)
        latency = int((time.perf_counter() - started) * 1_000_000)
        columns = ids, Repeated(request_id, size), values, favoured, labels, flags, reasons, Repeated(latency, size)
        answer = Decided(
            self.decisions.deployment,
            self.decisions.version,
            request_id,
            ids,
            values,
            favoured,
            labels,
            said,
            flags,
            reasons,
            self.answering.words,
            self.answering.review,
        )
        return Weighed(columns, (micros, said, int(scored * 1_000_000)), answer)

    def _judge(self, event: Event, stamp: Mapping[str, Any], size: int) -> Verdict:
        verdict = self.guards.feed(event)
        if (refusal := verdict.refusal) is not None:
            self.recorder.refused(refusal, stamp, size)
        return verdict

    def _sound(self, event: Event, stamp: Mapping[str, Any], size: int) -> Verdict:
        """Judge what came of the rows; raise ArithmeticError where that is refused."""
        verdict = self._judge(event, stamp, size)
        if (refusal := verdict.refusal) is not None:
            raise ArithmeticError(refusal.reason)
        return verdict

    def _encoded(self, rows: Rows, stamp: Mapping[str, Any]) -> Any:
        """Encode; the encoder is as strict as the schema, and whatever only it notices is refused too."""
        try:
            return self.encoder.encode(rows.columns)
        except ValueError as error:
            self.recorder.refused(Ruling("encoder", Outcome.REFUSE, str(error)), stamp, rows.size)
            raise Refused(str(error), "encoder") from None

    def _verdict(
        self, values: list[float], rulings: Sequence[Ruling]
    ) -> tuple[list[bool | None], list[str], dict[int, bool | None]]:
        """Decide by score, but where a guard has decided otherwise; a refusal counts more than a person's look."""
        rule = self.model.plan.decision
        favoured = each_favourable(values, rule)
        if not rulings:
            approve, refuse = rule.favourable_label, rule.adverse_label
            return favoured, [approve if favour else refuse for favour in favoured], {}
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
        return favoured, labels, decided

    def reasons(self, encoded: Any, favoured: list[bool | None], rulings: Sequence[Ruling]) -> list[Sequence[str]]:
        """Return the codes of each adverse row: of the rule that refused it, or of the factors that moved its score."""
        reasons: list[Sequence[str]] = [()] * len(favoured)
        if False not in favoured or not (rulings or self.answering.reasoner):
            return reasons
        declined = {row: mark for ruling in rulings for row, mark in ruling.declined.items()}
        for row, mark in declined.items():
            reasons[row] = [mark]
        reasoner = self.answering.reasoner
        if reasoner is not None:
            rows = [row for row, favour in enumerate(favoured) if favour is False and row not in declined]
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
