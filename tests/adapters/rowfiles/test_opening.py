from __future__ import annotations

import io
from pathlib import Path

import pyarrow as pa
import pytest

from muster.adapters.rowfiles.opening import open_arrow, open_csv


def test_a_csv_is_text_and_an_empty_cell_is_missing() -> None:
    read, schema = open_csv(io.BytesIO(b'\xef\xbb\xbfa,"b c"\n1,\n"x, y",z\n'))
    assert schema.names == ["a", "b c"]
    assert read().to_pylist() == [{"a": "1", "b c": None}, {"a": "x, y", "b c": "z"}]


def test_a_csv_begins_with_its_names() -> None:
    for content in (b"", b"\xff\xfe\n"):
        with pytest.raises(ValueError, match="first line"):
            open_csv(io.BytesIO(content))


def test_arrow_files_tell_their_rows_and_streams_do_not(tmp_path: Path) -> None:
    table = pa.table({"a": [1, 2, 3]})
    for name, new, rows in (("f", pa.ipc.new_file, 3), ("s", pa.ipc.new_stream, None)):
        with new(str(tmp_path / name), table.schema) as file:
            file.write_table(table)
        read, schema, found = open_arrow(tmp_path / name)
        assert (schema.names, found) == (["a"], rows)
        assert read().to_pylist() == table.to_pylist()
        with pytest.raises(StopIteration):
            read()
