from __future__ import annotations

import pytest

from muster.guards.chain import GUARDS, KINDS, Chain, chosen
from muster.guards.guard import Context, Decisions, Event, Outcome, Rows, Ruling, Scores
from muster.guards.limits.rate import Rate as RateGuard
from muster.guards.limits.size import Size
from muster.records.data import Column, ColumnType
from muster.records.governance.serving import Rate
from muster.records.model import DecisionRule, Favourable

CONTEXT = Context(
    (Column("x", ColumnType.NUMBER, minimum=0.0, maximum=1.0),),
    frozenset({"age"}),
    decision=DecisionRule(0.5, Favourable.BELOW),
)
ROWS = Rows(1, {"x": [0.5]}, {"x": "FP64"})


class Broken:
    """A guard that fails wherever it is told to."""

    name = "broken"
    judges = Rows
    where = ""

    def open(self, context: Context) -> None:
        if self.where == "open":
            raise KeyError(context)

    def feed(self, event: Event) -> Ruling | None:
        if self.where == "feed":
            raise ZeroDivisionError(event)
        return None

    def close(self) -> None:
        """Nothing."""


def test_every_guard_judges_in_the_order_of_the_list() -> None:
    chain = Chain.open(CONTEXT)
    before, after = chain.feed(ROWS), chain.feed(Scores([0.2]))
    last = chain.feed(Decisions([0.2], [True], ["approve"], {}))
    assert [ruling.guard for ruling in (*before.rulings, *after.rulings, *last.rulings)] == [
        guard().name for guard in GUARDS
    ]
    assert before.refusal is None
    chain.close()


def test_the_first_refusal_ends_it() -> None:
    verdict = Chain.open(CONTEXT).feed(Rows(1, {"x": [None], "age": [1]}, {"x": "FP64"}))
    assert verdict.refusal
    assert verdict.refusal.guard == "prohibited"
    assert len(verdict.rulings) == 1


def test_a_guard_that_does_not_open_closes_the_gate() -> None:
    class Unopened(Broken):
        where = "open"

    with pytest.raises(PermissionError, match="guard broken"):
        Chain.open(CONTEXT, (*GUARDS, Unopened))


def test_a_guard_that_fails_has_refused_and_says_nothing_of_the_request() -> None:
    class Failing(Broken):
        where = "feed"

    refusal = Chain.open(CONTEXT, (Failing, *GUARDS)).feed(ROWS).refusal
    assert refusal
    assert (refusal.guard, refusal.reason) == ("broken", "the guard could not judge this request")


def test_without_guards_nothing_opens_and_what_nobody_judges_is_refused() -> None:
    with pytest.raises(PermissionError, match="unguarded"):
        Chain.open(CONTEXT, ())
    refusal = Chain.open(CONTEXT, (Broken,)).feed(ROWS).refusal
    assert refusal
    assert refusal.outcome is Outcome.REFUSE


def test_guards_are_chosen_by_name_and_none_is_invented() -> None:
    assert chosen(tuple(KINDS)) == tuple(KINDS.values())
    with pytest.raises(PermissionError, match="guard 'magic' is not known"):
        chosen(("schema", "magic"))


def test_a_chain_says_how_many_rows_it_takes_at_once_and_can_leave_one_guard_out() -> None:
    context = Context((Column("x", ColumnType.NUMBER),), largest_rows=5, rate=Rate(1.0, 3), ticks=lambda: 0.0)
    both = Chain.open(context, (Size, RateGuard))
    assert both.most == 3
    assert both.beside("rate").most == 5
    assert both.beside("rate").beside("size").most is None
    three = Rows(3, {"x": [1.0] * 3}, {"x": "FP64"})
    assert both.feed(three).refusal is None
    assert both.feed(three).refusal is not None
    assert both.beside("rate").feed(three).refusal is None
