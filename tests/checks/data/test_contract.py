import pyarrow as pa
import pytest

from muster.checks.data.contract import breaches
from muster.records.data import Column, ColumnType, ContractBreach, DataContract


def broken(column: Column, values: pa.Array | list[object]) -> tuple[ContractBreach, ...]:
    return breaches(pa.table({column.name: values}), DataContract("test", "sha256:00", (column,)))


NUMBER = Column("n", ColumnType.NUMBER, minimum=0.0, maximum=10.0)
WHOLE = Column("i", ColumnType.INTEGER)
LETTER = Column("c", ColumnType.CATEGORY, categories=("a", "b"))


@pytest.mark.parametrize(
    ("column", "values"),
    [
        (NUMBER, [0.0, 10.0, 5.0]),
        (NUMBER, [0, 10]),
        (Column("n", ColumnType.NUMBER, nullable=True, minimum=0.0), [None, float("nan"), 1.0]),
        (WHOLE, [1, 2]),
        (WHOLE, [1.0, 2.0]),
        (Column("i", ColumnType.INTEGER, categories=("0", "1")), [0, 1]),
        (LETTER, ["a", "b"]),
        (LETTER, pa.array(["a", "b"]).dictionary_encode()),
        (Column("c", ColumnType.CATEGORY, categories=("0", "1")), [0, 1]),
        (Column("c", ColumnType.CATEGORY, nullable=True, categories=("a",)), [None, "a"]),
        (Column("c", ColumnType.CATEGORY, nullable=True), [None, None]),
        (NUMBER, pa.array([], pa.float64())),
    ],
)
def test_a_kept_contract_has_no_breach(column: Column, values: object) -> None:
    assert broken(column, values) == ()


@pytest.mark.parametrize(
    ("column", "values", "expected"),
    [
        (NUMBER, [1.0, -1.0, -2.0], [("minimum", 2, 1)]),
        (NUMBER, [1.0, 11.0], [("maximum", 1, 1)]),
        (NUMBER, [float("inf"), 1.0], [("type", 1, 0), ("maximum", 1, 0)]),
        (NUMBER, [None, 1.0, float("nan")], [("null", 2, 0)]),
        (NUMBER, ["1", "2"], [("type", 2, 0)]),
        (NUMBER, [True, False], [("type", 2, 0)]),
        (NUMBER, pa.array([None, None]), [("null", 2, 0)]),
        (WHOLE, [1.0, 2.5], [("type", 1, 1)]),
        (WHOLE, [1.0, float("nan")], [("null", 1, 1)]),
        (Column("i", ColumnType.INTEGER, categories=("0", "1")), [0, 7, 1], [("category", 1, 1)]),
        (LETTER, ["a", "z", None], [("null", 1, 2), ("category", 1, 1)]),
        (LETTER, [1.5, 2.5], [("type", 2, 0)]),
        (LETTER, [["a"], ["b"]], [("type", 2, 0)]),
    ],
)
def test_breaches_name_rule_rows_and_first_row(
    column: Column, values: object, expected: list[tuple[str, int, int]]
) -> None:
    assert [(breach.rule, breach.rows, breach.first_row) for breach in broken(column, values)] == expected


def test_missing_and_extra_columns() -> None:
    contract = DataContract("test", "sha256:00", (NUMBER, WHOLE))
    found = breaches(pa.table({"i": [1, 2], "x": [1, 2]}), contract)
    assert found == (ContractBreach("n", "missing", 2), ContractBreach("x", "extra", 2))


def test_all_breaches_are_found_at_once() -> None:
    contract = DataContract("test", "sha256:00", (NUMBER, LETTER))
    found = breaches(pa.table({"n": [99.0, None], "c": ["a", "q"]}), contract)
    assert [(breach.column, breach.rule) for breach in found] == [("n", "null"), ("n", "maximum"), ("c", "category")]
