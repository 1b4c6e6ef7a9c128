"""Columns of every sort, and rows of them, plain and odd, for what has a path of its own for many plain rows."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from muster.columns.encoding.placed import picked
from muster.columns.encoding.steps import Place, Step
from muster.columns.plan import Encoding
from muster.records.data import Column, ColumnType

NUMBER, INTEGER, CATEGORY = ColumnType.NUMBER, ColumnType.INTEGER, ColumnType.CATEGORY

ENCODINGS = (
    Encoding(Column("income", NUMBER, minimum=-1.0, maximum=9.0), mean=3.0, scale=2.0),
    Encoding(Column("home", CATEGORY, categories=("own", "rent")), categories=("rent", "own")),
    Encoding(Column("debt", NUMBER, nullable=True, minimum=0.0, maximum=5.0)),
    Encoding(Column("years", INTEGER, nullable=True), fill=4.0, mean=1.0, scale=0.7),
    Encoding(Column("job", CATEGORY, nullable=True, categories=("clerk",)), categories=("clerk",), null_place=True),
    Encoding(Column("sort", CATEGORY, nullable=True, categories=("a", "b")), categories=("a",)),
    Encoding(Column("age", INTEGER, minimum=18, maximum=80), mean=40.0, scale=0.1),
)
PLACED = (
    *(
        Encoding(each.column, each.fill, each.mean, each.scale, each.categories, each.null_place, places)
        for each, places in zip(
            ENCODINGS,
            (
                (Place(3, (Step("divide", (3.0,)), Step("single"))), Place(0)),
                (Place(1, (picked([0.3, 0.7], 0.5),)),),
                (Place(2, (Step("missing"),)), Place(5, (Step("fill", (4.0,)), Step("log1p")))),
                (Place(4, (Step("present"), Step("add", (7.0,)))),),
                (Place(6, (picked([1.0, 0.0, 0.0], 0.0),)), Place(7, (picked([0.0, 1.0, 0.0], 0.0),))),
                (Place(8, (picked([2.0, 0.0], 0.0),)),),
                (Place(9, (Step("subtract", (1.0,)),)),),
            ),
            strict=True,
        )
    ),
)
COLUMNS = tuple(encoding.column for encoding in ENCODINGS)

_FLOATS = st.one_of(st.floats(-10, 10), st.sampled_from([-0.0, 1e300, -1e300, 5e-324, 2.0**53 - 1, -(2.0**53)]))
_INTEGERS = st.one_of(st.integers(-100, 100), st.sampled_from([2**53 - 1, 1 - 2**53, 2**53, -(2**53), 10**400]))
_POOLS = {
    "income": st.one_of(_FLOATS, _INTEGERS),
    "home": st.sampled_from(["own", "rent", "own", "rent", "own", "rent", "tent"]),
    "debt": st.one_of(st.none(), _FLOATS, st.integers(0, 9)),
    "years": st.one_of(st.none(), _INTEGERS),
    "job": st.sampled_from(["clerk", None, "clerk", None, "clerk", None, ""]),
    "sort": st.sampled_from(["a", "a", "b", None]),
    "age": _INTEGERS,
}
_USUAL = {
    "income": st.floats(-1, 9),
    "home": st.sampled_from(["own", "rent"]),
    "debt": st.one_of(st.none(), st.floats(0, 5)),
    "years": st.one_of(st.none(), st.integers(0, 50)),
    "job": st.sampled_from(["clerk", None]),
    "sort": st.sampled_from(["a", None]),
    "age": st.integers(18, 80),
}


@st.composite
def rows(draw: st.DrawFn) -> dict[str, list[Any]]:
    """Draw 1 to 60 rows by column, in most columns usual ones."""
    size = draw(st.sampled_from([1, 32, 33, 60]))
    odd = draw(st.sets(st.sampled_from(sorted(_POOLS)), max_size=2))
    made = {}
    for name, usual in _USUAL.items():
        pool = draw(st.lists(_POOLS[name] if name in odd else usual, min_size=1, max_size=5))
        made[name] = [pool[row * row % len(pool)] for row in range(size)]
    return made
