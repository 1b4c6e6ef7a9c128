from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.columns.explanation.models import drawn, grown

from muster.columns.encoding.head import Link
from muster.columns.explanation.factors import Factors, adverse, principal
from muster.columns.explanation.headed import attributed
from muster.columns.explanation.header import Header, header_of
from muster.columns.explanation.linear import LinearAttribution
from muster.columns.explanation.packed import Reasons, pack
from muster.columns.explanation.trees import TreeAttribution
from muster.columns.forms import Form, Linear, Member, Members, Trees
from muster.columns.plan import PLACED_FORMAT, Encoding, Plan
from muster.records.canonical import canonical, parse
from muster.records.data import Column, ColumnType
from muster.records.model import DecisionRule, Favourable
from muster.records.policy import Factor, ReasonMap

WIDTH = 6
PLAN = Plan(
    "sha256:v",
    "any",
    tuple(Encoding(Column(f"x{n}", ColumnType.NUMBER)) for n in range(WIDTH)),
    DecisionRule(0.5, Favourable.BELOW),
)
MAP = ReasonMap(
    "why",
    "loans",
    (
        Factor("first", ("x0", "x3"), "The first"),
        Factor("second", ("x1",), "The second"),
        Factor("hidden", ("x2",), "", nameable=False),
        Factor("third", ("x4",), "The third"),
    ),
    most=2,
)
HEADER = Header("sha256:s", "sha256:r", "sha256:d", 40)


def forms() -> list[Form]:
    rng = np.random.default_rng(5)
    return [Linear(rng.normal(size=WIDTH), 0.3), Trees(-0.2, tuple(grown(rng, WIDTH, 5) for _ in range(20)))]


@pytest.mark.parametrize("form", forms(), ids=["linear", "trees"])
def test_reasons_are_those_that_the_assessment_gives_from_the_rows_themselves(form: Form) -> None:
    rng = np.random.default_rng(6)
    background, rows = drawn(rng, 40, WIDTH), drawn(rng, 30, WIDTH)
    background, rows = np.nan_to_num(background), np.nan_to_num(rows)
    factors = Factors.of(MAP, [column.name for column in PLAN.columns])
    players = factors.players(PLAN)
    attribution = (
        LinearAttribution(form, players, background)
        if isinstance(form, Linear)
        else TreeAttribution(form, players, background)
    )
    against = adverse(attribution.shares(rows), PLAN.decision)
    expected = [
        [factors.each[at].id for at in places if at >= 0]
        for places in principal(against, factors.nameable, factors.most).tolist()
    ]
    packed = pack(HEADER, PLAN, form, MAP, background)
    reasons = Reasons(PLAN, MAP, packed)
    assert reasons.codes(rows, range(30)) == expected
    assert reasons.codes(rows, [3, 7]) == [expected[3], expected[7]]
    assert any(expected)
    assert reasons.words["first"] == "The first"
    assert "hidden" not in {code for codes in expected for code in codes}
    assert header_of(packed) == HEADER


@pytest.mark.parametrize("form", forms(), ids=["linear", "trees"])
def test_an_explanation_of_another_model_is_noticed(form: Form) -> None:
    background = np.nan_to_num(drawn(np.random.default_rng(6), 40, WIDTH))
    reasons = Reasons(PLAN, MAP, pack(HEADER, PLAN, form, MAP, background))
    assert reasons.agrees(form.margins, WIDTH)
    assert not reasons.agrees(lambda rows: form.margins(rows) + 1e-6, WIDTH)
    if isinstance(form, Trees):
        (first, *rest) = form.trees
        other = replace(first, threshold=first.threshold + 1e-6 * ~first.leaf)
        exchanged = Trees(form.baseline, (replace(other, value=first.value + 1e-6), *rest))
        assert not reasons.agrees(exchanged.margins, WIDTH)


def test_no_row_of_the_background_is_in_it() -> None:
    background = np.array([[1234.5678 + n for n in range(WIDTH)], [8765.4321 + n for n in range(WIDTH)]])
    for form in forms():
        text = pack(HEADER, PLAN, form, MAP, background).decode()
        assert not any(str(value) in text for value in background.ravel())


@pytest.mark.parametrize("broken", [b"[]", b'{"format":2}', b'{"format":3}', b'{"format":1}', b"{"])
def test_what_is_no_explanation_is_refused(broken: bytes) -> None:
    with pytest.raises(ValueError):
        Reasons(PLAN, MAP, broken)


def test_counts_of_other_trees_are_refused() -> None:
    form = forms()[1]
    background = np.nan_to_num(drawn(np.random.default_rng(6), 40, WIDTH))
    said = parse(pack(HEADER, PLAN, form, MAP, background))
    for change in ({"counted": []}, {"each": [{}]}):
        with pytest.raises(ValueError, match=r"leaves|cannot be read"):
            Reasons(PLAN, MAP, canonical({**said, "trees": {**said["trees"], **change}}))  # type: ignore[dict-item]


def several() -> tuple[Plan, Members]:
    """A vote of a forest and a linear model of some columns."""
    linear, trees = forms()
    assert isinstance(linear, Linear)
    assert isinstance(trees, Trees)
    head = (Link("margin", (), (0.0,)), Link("margin", (), (1.0,)), Link("logistic", (1,)), Link("mean", (0, 2)))
    members = Members((Member(0, WIDTH, trees), Member(2, 3, Linear(linear.weights[:3], 0.1))), head)
    return replace(PLAN, head=head, format=PLACED_FORMAT), members


def test_reasons_of_several_members_are_those_that_the_assessment_gives() -> None:
    plan, form = several()
    rng = np.random.default_rng(6)
    background, rows = np.nan_to_num(drawn(rng, 40, WIDTH)), np.nan_to_num(drawn(rng, 30, WIDTH))
    factors = Factors.of(MAP, [column.name for column in plan.columns])
    against = adverse(attributed(form, factors.players(plan), background).shares(rows), plan.decision)
    expected = [
        [factors.each[at].id for at in places if at >= 0]
        for places in principal(against, factors.nameable, factors.most).tolist()
    ]
    packed = pack(HEADER, plan, form, MAP, background)
    reasons = Reasons(plan, MAP, packed)
    assert reasons.codes(rows, range(30)) == expected
    assert any(expected)
    assert header_of(packed) == HEADER
    assert reasons.agrees(form.margins, WIDTH)
    assert not reasons.agrees(lambda matrix: form.margins(matrix) + np.array([0.0, 1e-6]), WIDTH)
    assert not reasons.agrees(lambda matrix: form.margins(matrix)[:, 0], WIDTH)
    with pytest.raises(ValueError, match="cannot be read"):
        Reasons(plan, MAP, canonical({**parse(packed), "members": [{"start": 0, "width": 2}]}))  # type: ignore[dict-item]
