from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from muster.adapters.rowfiles.forms import Form
from muster.adapters.rowfiles.reading import RowFile
from muster.records.data import Column, ColumnType

INPUTS = (
    Column("x", ColumnType.NUMBER),
    Column("n", ColumnType.INTEGER, nullable=True),
    Column("c", ColumnType.CATEGORY, categories=("a", "b")),
)
TABLE = pa.table({"id": [1, 2, 3, 4], "x": [1.5, 2.0, 3.0, 4.0], "n": [1, None, 3, 4], "c": ["a", None, "b", "a"]})


def written(folder: Path, form: Form) -> Path:
    path = folder / f"t.{form.value}"
    if form is Form.PARQUET:
        pq.write_table(TABLE, path, row_group_size=3)
    elif form is Form.CSV:
        pa.csv.write_csv(TABLE, path)
    else:
        with pa.ipc.new_file(str(path), TABLE.schema) as file:
            file.write_table(TABLE, 3)
    return path


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("start", [0, 1, 3, 4])
def test_rows_are_read_from_any_of_them_on(tmp_path: Path, form: Form, start: int) -> None:
    file = RowFile(written(tmp_path, form), form)
    assert list(file.names) == ["id", "x", "n", "c"]
    pieces = [file.piece(batch, INPUTS, ["id"]) for batch in file.batches(["id", "x", "n", "c"], start, 2)]
    file.close()
    assert all(piece.rows.size <= 2 for piece in pieces)
    found: dict[str, list[Any]] = {"x": [], "n": [], "c": [], "id": []}
    for piece in pieces:
        assert piece.faults == {}
        for name, values in piece.rows.columns.items():
            found[name] += [None if value != value else value for value in values.tolist()]  # noqa: PLR0124 - NaN
        found["id"] += [int(value) for value in piece.kept.column("id").to_pylist()]
    assert found == {name: TABLE[name].to_pylist()[start:] for name in ("x", "n", "c", "id")}


def test_a_digest_is_of_all_of_a_file_and_a_pipe_has_none(tmp_path: Path) -> None:
    path = written(tmp_path, Form.CSV)
    one = RowFile(path, Form.CSV)
    path.write_bytes(path.read_bytes() + b"5,5,5,a\n")
    two = RowFile(path, Form.CSV)
    assert one.digest() == two.digest() != ""  # both read the file as it is now
    assert RowFile(io.BytesIO(b"a\n1\n"), Form.CSV).digest() == ""
    one.close()
    two.close()


def test_what_a_column_holds_is_told_and_not_converted(tmp_path: Path) -> None:
    table = pa.table(
        {"x": pa.array([True]), "n": pa.array([1.5], pa.float32()), "c": pa.array(["a"]).dictionary_encode()}
    )
    pq.write_table(table, tmp_path / "t.parquet")
    file = RowFile(tmp_path / "t.parquet", Form.PARQUET)
    assert [file.datatype(column) for column in INPUTS] == ["BOOL", "FP32", "BYTES"]


def test_files_that_are_none_say_so_and_show_nothing_of_what_is_in_them(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    path.write_text("secret,secret\n1,2\n")
    for form in (Form.PARQUET, Form.ARROW):
        with pytest.raises(ValueError, match="cannot be read as") as refused:
            RowFile(path, form)
        assert "secret" not in str(refused.value)
    with pytest.raises(ValueError, match="more than once"):
        RowFile(path, Form.CSV)
    path.write_text("a,b\n1,2\n3,4,secret\n")
    with pytest.raises(ValueError, match="cannot be read as csv") as torn:
        list(RowFile(path.open("rb"), Form.CSV).batches(["a"], 0, 9))
    assert "secret" not in str(torn.value)
    with pytest.raises(ValueError, match="pipe"):
        RowFile(io.BytesIO(b""), Form.PARQUET)


def test_a_column_that_is_not_there_cannot_be_kept(tmp_path: Path) -> None:
    file = RowFile(written(tmp_path, Form.PARQUET), Form.PARQUET)
    with pytest.raises(ValueError, match="has no column 'z'; it has id, x, n, c"):
        file.schema_of(["z"])
