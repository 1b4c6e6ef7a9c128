"""References are spread as approved people are, are nobody's row, and are the same for the same people."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from muster.columns.explanation.sampling.references import REFERENCES, references_of

COUNT = 400


def _people() -> pa.Table:
    rng = np.random.default_rng(0)
    income = np.round(rng.lognormal(3, 1, COUNT), 2)
    return pa.table(
        {
            "income": pa.array(income, mask=np.arange(COUNT) % 4 == 0),
            "gaps": np.where(np.arange(COUNT) % 2 == 0, np.nan, rng.integers(1, 5, COUNT).astype(float)),
            "age": rng.integers(18, 80, COUNT),
            "home": pa.array(["own"] * 250 + ["rent"] * 100 + [None] * 50).dictionary_encode(),
            "empty": pa.array([None] * COUNT, pa.float64()),
        }
    )


def test_columns_are_spread_as_they_were_with_what_is_missing_and_their_types() -> None:
    table = _people()
    made = references_of(table, table.column_names)
    assert made.num_rows == REFERENCES
    assert [str(field.type) for field in made.schema] == ["double", "double", "int64", "string", "double"]
    assert made.column("income").null_count == 2
    known = np.sort(made.column("income").drop_null().to_numpy())
    np.testing.assert_allclose(
        known, np.quantile(table.column("income").drop_null().to_numpy(), (np.arange(6) + 0.5) / 6)
    )
    assert made.column("gaps").null_count == 4
    assert all(value is None or value == int(value) for value in made.column("gaps").to_pylist())
    assert sorted(map(str, made.column("home").to_pylist())) == [
        "None",
        "own",
        "own",
        "own",
        "own",
        "own",
        "rent",
        "rent",
    ]
    assert made.column("empty").null_count == REFERENCES


def test_they_are_nobodys_row_and_the_same_for_the_same_people() -> None:
    table = _people()
    made = references_of(table, ["income", "age", "home"])
    people = {tuple(row.values()) for row in table.select(made.column_names).to_pylist()}
    assert not people & {tuple(row.values()) for row in made.to_pylist()}
    assert made.equals(references_of(table, ["income", "age", "home"]))


def test_without_approved_people_there_are_none() -> None:
    with pytest.raises(ValueError, match="no row to explain against"):
        references_of(_people().slice(0, 0), ["age"])
