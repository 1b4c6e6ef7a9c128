from __future__ import annotations

import pytest
from tests.adapters.arrowlog.blocks import COLUMNS, REFUSALS, SOURCE, block

from muster.adapters.arrowlog.schema import batch_of, schema_of, size_of
from muster.ports.log import INPUT


def test_blocks_are_joined_into_one_batch_with_every_value() -> None:
    batch = batch_of(SOURCE, [block(0, 2), block(2)])
    assert batch.num_rows == 3
    assert batch.schema == schema_of(SOURCE)
    rows = batch.to_pylist()
    assert [row["decision_id"] for row in rows] == ["0", "1", "2"]
    assert {row["version"] for row in rows} == {"sha256:v"}
    for name, values in block(2).items():
        if name != "at":
            assert rows[2][name] == values[0]


def test_single_rows_are_joined_with_blocks_in_their_order() -> None:
    row = tuple(values[0] for values in block(1).values())
    batch = batch_of(SOURCE, [block(0), row, row, block(2, 2), row])
    assert batch.to_pylist() == batch_of(SOURCE, [block(0), block(1), block(1), block(2, 2), block(1)]).to_pylist()
    with pytest.raises(ValueError, match="argument"):
        batch_of(SOURCE, [row[:-1]])


def test_inputs_have_names_of_their_own_and_keep_their_types() -> None:
    schema = schema_of(SOURCE)
    assert [str(schema.field(INPUT + column.name).type) for column in COLUMNS] == ["double", "int64", "string"]
    assert schema.metadata[b"deployment"] == b"loans"
    assert not any(name.startswith(INPUT) for name in schema_of(REFUSALS).names)


def test_columns_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="equally long"):
        size_of({"a": [1], "b": [1, 2]})
    with pytest.raises(ValueError, match="equally long"):
        size_of({})
