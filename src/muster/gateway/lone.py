"""Lone: one plain row, decided by the shortest way: most requests are no more than that.

Guards, encoder, model and log are those of the deployment, and so is every bit of what comes of them; only the lists,
arrays and rulings are spared in which many rows, or doubtful ones, are worked off. Whatever is not plain, and whatever
goes wrong, is given back before anything was logged: ``Served.decide`` decides it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import perf_counter_ns
from typing import Any, Final

from muster.columns.row.limits import ScoresPlainly, Values
from muster.gateway.decided import Answering, Decided
from muster.gateway.ids import unique_ids
from muster.gateway.recording import Recorder
from muster.guards.chain import Chain
from muster.guards.guard import Rows
from muster.guards.plain import Plain
from muster.guards.schema import DATATYPES, NATURAL
from muster.ports.log import Source
from muster.records.model import DecisionRule, Favourable

Told = tuple[str, str, int, float, bool, str, Sequence[str], str, Sequence[str], int, int]
"""What became of a row, in the order of the log's own columns: ids of decision and request, microseconds since 1970,
score, whether it is favourable, decision, marks, rulings, codes of reasons, microseconds of the model, and of all."""


class Lone:
    """Decides plain rows of one deployment, one at a time.

    Parameters
    ----------
    plain
        What tells them.
    score
        Scores a row that keeps to its limits.
    ways
        What makes of a row what reasons are found in, and the guards that tell plain rows.
    rule
        Makes a decision of a score.
    decisions
        Where they go.
    """

    def __init__(
        self,
        plain: Plain,
        score: Callable[[Values], float | None],
        ways: tuple[Any, Chain],
        rule: DecisionRule,
        decisions: Source,
        recorder: Recorder,
        answering: Answering,
    ) -> None:
        self._plain, self._score = plain, score
        self._encoder, guards = ways
        self._said: Final = guards.clear
        self._threshold, self._below = rule.threshold, rule.favourable is Favourable.BELOW
        self._approve, self._refuse = rule.favourable_label, rule.adverse_label
        self._named = decisions.deployment, decisions.version
        self._names: Final = tuple(column.name for column in decisions.inputs)
        self._natural: Final = {column.name: NATURAL[column.type] for column in decisions.inputs}
        self._allowed: Final = {column.name: DATATYPES[column.type] for column in decisions.inputs}
        self._recorder: Final = recorder
        self._answering: Final = answering

    @classmethod
    def of(
        cls, model: Any, encoder: Any, guards: Chain, decisions: Source, recorder: Recorder, answering: Answering
    ) -> Lone | None:
        """Return what decides a deployment's plain rows; None where it has none, or the policy loses rows of the log.

        A policy that samples asks how full the log is before each row, and may answer what it does not log.
        """
        # Guards that are timed are no chain: their stages are to be seen.
        if type(guards) is not Chain or not isinstance(model, ScoresPlainly) or recorder.may_lose:
            return None
        if (plain := guards.plain([column.name for column in decisions.inputs])) is None:
            return None
        if (score := model.plainly(plain.limits)) is None:
            return None
        rule: DecisionRule = model.plan.decision  # type: ignore[attr-defined] # every model has one
        return cls(plain, score, (encoder, guards), rule, decisions, recorder, answering)

    def values_of(self, rows: Rows) -> Values | None:
        """Return the values of the only row, in the order of the inputs; None where it is for ``Served.decide``."""
        given = rows.columns
        if rows.size != 1 or len(given) != len(self._names):
            return None
        try:
            if rows.datatypes != self._natural and not all(
                rows.datatypes[name] in allowed for name, allowed in self._allowed.items()
            ):
                return None
            columns = [given[name] for name in self._names]
            return [column[0] if type(column) is list else column.item(0) for column in columns]
        except (AttributeError, LookupError):
            return None

    def decide(self, values: Values, request_id: str, micros: int, begun: int) -> Told | None:
        """Decide one row, and log it; None where it is for ``Served.decide``.

        Parameters
        ----------
        values
            In the order of the model's inputs, each of the plain Python type of its column.
        request_id
            As the caller named the request; empty: it is given one.
        micros
            Now, in microseconds since 1970.
        begun
            When the request had arrived, by ``time.perf_counter_ns``.
        """
        try:
            began = perf_counter_ns()
            score = self._score(values)
            scored = perf_counter_ns() - began
            if score is None or not self._plain.row(values):
                return None
            favour = score < self._threshold if self._below else score >= self._threshold
            label = self._approve if favour else self._refuse
            if not self._plain.answer(score, favour, label):
                return None
            reasons = () if favour else self._reasons(values)
            decision_id, spare = unique_ids(2, micros // 1_000)
            named = request_id or spare
            latency = (perf_counter_ns() - begun) // 1_000
            told = decision_id, named, micros, score, favour, label, (), self._said, reasons, scored // 1_000, latency
            self._recorder.lone(told, values)
        except Exception:  # noqa: BLE001 - whatever it is, whoever decides it the long way meets it too, and tells it
            return None
        return told

    def decided(self, told: Told) -> Decided:
        """Return what became of a row as all protocols write it."""
        decision_id, named, _, score, favour, label, flags, said, reasons, _, _ = told
        about, answering = self._named, self._answering
        return Decided(
            *about, named, [decision_id], [score], [favour], [label], said, [flags], [reasons],
            answering.words, answering.review,
        )  # fmt: skip

    def _reasons(self, values: Values) -> Sequence[str]:
        reasoner = self._answering.reasoner
        if reasoner is None:
            return ()
        columns = {name: [value] for name, value in zip(self._names, values, strict=True)}
        return reasoner.codes(self._encoder.encode(columns), (0,))[0]
