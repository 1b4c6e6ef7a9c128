from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.columns.many.columns import COLUMNS as SORTS
from tests.columns.many.columns import rows as plain_rows

from muster.columns.encoding.coded import Coded
from muster.columns.many.dense import Typed, layout_of
from muster.guards.guard import Context, Outcome, Rows, Ruling, Scores
from muster.guards.schema import Schema
from muster.records.data import Column, ColumnType

COLUMNS = (
    Column("x", ColumnType.NUMBER),
    Column("n", ColumnType.INTEGER, nullable=True),
    Column("c", ColumnType.CATEGORY, categories=("a", "b")),
    Column("d", ColumnType.CATEGORY, nullable=True, categories=("a", "b")),
)
KINDS = {"x": "FP64", "n": "INT64", "c": "BYTES", "d": "BYTES"}
SENT = {ColumnType.NUMBER: "FP64", ColumnType.INTEGER: "INT64", ColumnType.CATEGORY: "BYTES"}
GOOD: dict[str, list[Any]] = {"x": [1.5, 2], "n": [1, None], "c": ["a", "b"], "d": [None, "a"]}


def schema(**changes: Any) -> Schema:
    guard = Schema()
    guard.open(Context(COLUMNS, **changes))
    return guard


def judged(guard: Schema, kinds: dict[str, str] | None = None, **changes: Any) -> Ruling:
    columns = {**GOOD, **changes}
    ruling = guard.feed(Rows(2, {k: v for k, v in columns.items() if v}, {**KINDS, **(kinds or {})}))
    assert ruling
    return ruling


def test_good_rows_pass() -> None:
    assert judged(schema()).outcome is Outcome.ALLOW


@pytest.mark.parametrize(
    ("changes", "kinds", "reason"),
    [
        ({"x": None}, {}, "missing input x"),
        ({"y": [1, 2]}, {}, "1 inputs are not the model's"),
        ({"x": [None, 1.0]}, {}, "column x, row 0: a value is missing"),
        ({"x": [1.0, float("nan")]}, {}, "column x, row 1: is not finite"),
        ({"x": [float("-inf"), 1.0]}, {}, "column x, row 0: is not finite"),
        ({"x": [2**53, 1]}, {"x": "INT64"}, "column x, row 0: is too large"),
        ({"n": [1, 2**53]}, {}, "column n, row 1: is too large"),
        ({"n": [None, 2**53]}, {}, "column n, row 1: is too large"),
        ({"n": [1, -(2**31)]}, {"n": "INT32"}, "column n, row 1: is too large"),
        ({"c": [None, "a"]}, {}, "column c, row 0: a value is missing"),
        ({"c": ["a", "z"]}, {}, "column c, row 1: unknown category"),
        ({"d": ["z", None]}, {}, "column d, row 0: unknown category"),
        ({}, {"x": "BYTES"}, "column x holds number values: send FP64, FP32, or integers such as INT64"),
        ({}, {"x": "BOOL"}, "column x holds number values"),
        ({}, {"n": "FP64"}, "column n holds integer values: send integers such as INT64"),
        ({}, {"c": "INT64"}, "column c holds category values: send BYTES"),
    ],
)
def test_what_is_not_the_models_input_is_refused(changes: Any, kinds: Any, reason: str) -> None:
    ruling = judged(schema(), kinds, **changes)
    assert ruling.outcome is Outcome.REFUSE
    assert reason in ruling.reason


def test_a_column_may_be_all_missing_where_it_may_be_missing() -> None:
    assert judged(schema(), n=[None, None], d=[None, None]).outcome is Outcome.ALLOW


def test_names_of_foreign_columns_are_not_repeated() -> None:
    ruling = judged(schema(), **{"Jane Doe": [1, 2]})
    assert "Jane" not in ruling.reason
    assert "x, n, c, d" in ruling.reason


def test_what_nobody_could_write_down_is_refused_even_where_categories_may_be_unknown() -> None:
    ruling = judged(schema(unknown_category="unknown"), c=["z", "half of a pair \ud83d"])
    assert ruling.outcome is Outcome.REFUSE
    assert ruling.reason == "column c, row 1: it is no text in UTF-8"


def test_the_policy_may_have_unknown_categories_answered_and_marked() -> None:
    ruling = judged(schema(unknown_category="unknown"), c=["z", "a"], d=["y", None])
    assert ruling.outcome is Outcome.FLAG
    assert ruling.flags == {0: ["unknown-category:c", "unknown-category:d"]}


@pytest.mark.parametrize(
    ("context", "reason"),
    [
        (Context(()), "no inputs"),
        (Context(COLUMNS, unknown_category="shrug"), "refuse or unknown"),
        (Context((Column("c", ColumnType.CATEGORY),)), "no list of categories"),
    ],
)
def test_a_schema_that_could_not_decide_does_not_open(context: Context, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Schema().open(context)


def test_scores_are_not_its_business() -> None:
    assert schema().feed(Scores([0.5])) is None


@given(st.lists(st.one_of(st.none(), st.text(max_size=2)), min_size=1, max_size=20))
def test_a_column_passes_exactly_if_every_value_is_known(values: list[str | None]) -> None:
    guard = Schema()
    guard.open(Context((Column("d", ColumnType.CATEGORY, nullable=True, categories=("", "a", "0")),)))
    ruling = guard.feed(Rows(len(values), {"d": values}, {"d": "BYTES"}))
    assert ruling
    assert (ruling.outcome is Outcome.ALLOW) == all(value in (None, "", "a", "0") for value in values)


@pytest.mark.parametrize(
    ("column", "datatype", "values", "said"),
    [
        (Column("x", ColumnType.NUMBER), "FP64", np.array([1.0, np.nan]), "row 1: a value is missing"),
        (Column("x", ColumnType.NUMBER, nullable=True), "FP64", np.array([1.0, np.nan]), ""),
        (Column("x", ColumnType.NUMBER), "FP64", np.array([1.0, np.inf]), "row 1: is not finite"),
        (Column("x", ColumnType.INTEGER), "INT64", np.array([1, 2**53]), "row 1: is too large"),
        (Column("x", ColumnType.INTEGER), "INT64", np.array([1, -(2**63)]), "row 1: is too large"),
        (Column("x", ColumnType.INTEGER), "INT64", np.array([1, 2]), ""),
        (Column("x", ColumnType.INTEGER), "INT64", np.array([True, False]), "send numbers"),
        (Column("x", ColumnType.CATEGORY, categories=("a",)), "BYTES", np.array(["a", "b"], object), "row 1: unknown"),
        (Column("x", ColumnType.CATEGORY, categories=("a",)), "BYTES", np.array(["a", "a"], object), ""),
    ],
)
def test_arrays_are_judged_as_lists_are(column: Column, datatype: str, values: np.ndarray, said: str) -> None:
    guard = Schema()
    guard.open(Context((column,)))
    ruling = guard.feed(Rows(2, {"x": values}, {"x": datatype}))
    assert ruling
    assert (ruling.outcome is Outcome.REFUSE) == bool(said)
    assert said in ruling.reason


@given(st.lists(st.sampled_from(["a", "b", "z", None]), min_size=1, max_size=6), st.booleans())
def test_coded_categories_are_judged_as_lists_are(values: list[str | None], strict: bool) -> None:
    guard = Schema()
    guard.open(Context(COLUMNS[3:], unknown_category="refuse" if strict else "unknown"))
    names = ("never", *dict.fromkeys(values))
    coded = Coded(names, np.array([names.index(value) for value in values], np.int32))
    found = [guard.feed(Rows(len(values), {"d": column}, {"d": "BYTES"})) for column in (values, coded)]
    assert found[0] == found[1]


def test_missing_coded_values_and_large_integers_beside_missing_ones_are_refused() -> None:
    coded = Coded((None, "a"), np.array([1, 0], np.int32))
    for name, column, reason in (
        ("c", coded, "column c, row 1: a value is missing"),
        ("n", np.array([2.0**54, np.nan]), "column n, row 0: is too large"),
    ):
        found = schema().feed(Rows(2, {**GOOD, name: column}, KINDS))
        assert found
        assert reason in found.reason


@given(plain_rows(), st.booleans())
def test_rows_that_were_read_against_their_types_are_judged_as_lists_are(
    values: dict[str, list[Any]], strict: bool
) -> None:
    guard = Schema()
    guard.open(Context(SORTS, unknown_category="refuse" if strict else "unknown"))
    kinds = {column.name: SENT[column.type] for column in SORTS}
    size = len(values["age"])
    typed = Typed(layout_of(SORTS), [values[column.name] for column in SORTS])
    assert guard.feed(Rows(size, typed, kinds)) == guard.feed(Rows(size, values, kinds))
    assert guard.feed(Rows(size, typed, {**kinds, "age": "FP64"})) == guard.feed(
        Rows(size, values, {**kinds, "age": "FP64"})
    )


def test_a_whole_number_beyond_the_largest_float_is_refused_in_words() -> None:
    guard = Schema()
    guard.open(Context((Column("income", ColumnType.NUMBER),)))
    for values in ([10**400], [1.0, 10**400]):
        ruling = guard.feed(Rows(len(values), {"income": values}, {"income": "FP64"}))
        assert ruling is not None
        assert (ruling.outcome, ruling.reason) == (
            Outcome.REFUSE, f"column income, row {len(values) - 1}: is not finite"
        )  # fmt: skip
