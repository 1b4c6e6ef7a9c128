"""A row is plain only where every guard allows it with nothing to add."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.columns.row.limits import Span, Within
from muster.guards.chain import KINDS, Chain
from muster.guards.decisions.abstain import Abstain
from muster.guards.guard import Context, Decisions, Rows, Scores
from muster.guards.limits.rate import Rate
from muster.guards.plain import Bounds, Plain
from muster.records.data import Column, ColumnType
from muster.records.governance import serving
from muster.records.governance.serving import BusinessRule, Condition, Effect, Holds
from muster.records.model import DecisionRule, Favourable

COLUMNS = (
    Column("income", ColumnType.NUMBER, nullable=True, minimum=0.0, maximum=1e5),
    Column("months", ColumnType.INTEGER, minimum=1.0, maximum=60.0),
    Column("job", ColumnType.CATEGORY, nullable=True, categories=("clerk", "baker")),
)
NAMES = [column.name for column in COLUMNS]
DATATYPES = {"income": "FP64", "months": "INT64", "job": "BYTES"}
RULES = (
    BusinessRule(
        "long-and-poor",
        (Condition("months", Holds.ABOVE, 36.0), Condition("income", Holds.BELOW, 1_000.0)),
        Effect.REFUSE,
        "too long for the income",
    ),
    BusinessRule("no-job", (Condition("job", Holds.MISSING),), Effect.REFER, "nobody said what they do"),
)
CONTEXT = Context(
    COLUMNS,
    decision=DecisionRule(0.5, Favourable.BELOW),
    largest_rows=10,
    rules=RULES,
    abstain=serving.Abstain(band=0.1),
)
GUARDS = [kind for kind in KINDS.values() if kind is not Rate]


def chain() -> tuple[Chain, Plain]:
    opened = Chain.open(CONTEXT, GUARDS)
    plain = opened.plain(NAMES)
    assert plain is not None
    return opened, plain


@given(
    st.one_of(st.floats(), st.integers(-10, 200_000), st.none(), st.sampled_from([999.9, 1_000.0, 1e5])),
    st.integers(-1, 62),
    st.sampled_from(["clerk", "baker", "Clerk", None]),
)
def test_plain_rows_are_those_that_all_guards_allow(income: Any, months: int, job: str | None) -> None:
    opened, plain = chain()
    rows = Rows(1, {"income": [income], "months": [months], "job": [job]}, DATATYPES)
    clear = opened.feed(rows).clear
    values = income, months, job
    assert (Within(NAMES, plain.limits)(values) and plain.row(values)) == clear


@given(st.one_of(st.floats(-0.5, 1.5), st.just(float("nan")), st.sampled_from([0.4, 0.5, 0.6, 0.0, 1.0])))
def test_plain_answers_are_those_that_all_guards_allow(score: float) -> None:
    opened, plain = chain()
    favourable = score < 0.5
    label = CONTEXT.decision.favourable_label if favourable else CONTEXT.decision.adverse_label  # type: ignore[union-attr]
    clear = opened.feed(Scores([score], {})).clear
    decided = opened.feed(Decisions([score], [favourable], [label], {}))
    assert plain.answer(score, favourable, label) == (clear and decided.clear)
    assert not plain.answer(score, not favourable, label)
    assert not plain.answer(score, favourable, "maybe")


def test_a_guard_that_cannot_say_beforehand_leaves_nothing_plain() -> None:
    context = Context(COLUMNS, decision=CONTEXT.decision, rate=serving.Rate(5.0, 5))
    usual = Chain.open(context)
    assert usual.plain(NAMES) is not None
    assert Chain.open(context, [Rate, *map(type, usual._guards)]).plain(NAMES) is None

    class Odd:
        name = "odd"
        judges = Rows

        def open(self, context: Context) -> None: ...
        def feed(self, event: Any) -> None: ...
        def close(self) -> None: ...

    assert usual.behind(Odd()).plain(NAMES) is None


def test_a_chain_that_judges_no_answers_leaves_nothing_plain() -> None:
    assert Chain.open(CONTEXT, [KINDS["schema"], KINDS["plausible"]]).plain(NAMES) is None
    assert Chain.open(CONTEXT, [KINDS["schema"], KINDS["consistent"]]).plain(NAMES) is None
    assert Chain.open(CONTEXT, [KINDS["plausible"], KINDS["consistent"], Abstain]).plain(NAMES) is None


def test_every_column_must_be_bounded() -> None:
    bounds = Bounds(("income", "job"), {"income": Span(0.0, 1.0, nullable=False)})
    bounds.scores.append(lambda score: score > 0)
    bounds.decisions.append(lambda *_: True)
    with pytest.raises(ValueError, match="do not bound every column"):
        Plain(bounds)
