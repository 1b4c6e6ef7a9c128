from __future__ import annotations

import io
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from muster.adapters.rowfiles.forms import Form
from muster.adapters.rowfiles.writing import Piped, WholeFile

SCHEMA = pa.schema({"a": pa.int64(), "n": pa.dictionary(pa.int32(), pa.string())})


def batch(*values: int) -> pa.RecordBatch:
    names = pa.array([f"n{value}" for value in values]).dictionary_encode()  # others in each batch
    return pa.RecordBatch.from_arrays([pa.array(values), names], schema=SCHEMA)


def file(folder: Path, form: Form) -> WholeFile:
    work = folder / "work"
    work.mkdir(exist_ok=True)
    return WholeFile(folder / "out", form, SCHEMA, work)


def read(path: Path, form: Form) -> list[dict[str, object]]:
    if form is Form.PARQUET:
        return pq.read_table(path).to_pylist()
    if form is Form.CSV:
        return pa.csv.read_csv(path).to_pylist()
    with pa.ipc.open_file(str(path)) as opened:
        return opened.read_all().to_pylist()


@pytest.mark.parametrize("form", Form)
def test_a_file_is_there_whole_after_any_number_of_lives(tmp_path: Path, form: Form) -> None:
    first = file(tmp_path, form)
    first.write(batch(1, 2))
    parts = [first.part()]
    first.write(batch(3))  # of no part: the next life does not know it
    first.abandon()
    assert not (tmp_path / "out").exists()
    second = file(tmp_path, form)
    second.replay(parts)
    second.write(batch(4))
    assert second.part() != ""
    assert second.part() == ""
    second.finish()
    assert [row["a"] for row in read(tmp_path / "out", form)] == [1, 2, 4]
    assert [row["n"] for row in read(tmp_path / "out", form)] == ["n1", "n2", "n4"]
    assert not (tmp_path / "work").exists()


def test_a_part_that_somebody_changed_is_not_taken(tmp_path: Path) -> None:
    first = file(tmp_path, Form.CSV)
    first.write(batch(1))
    first.part()
    first.abandon()
    second = file(tmp_path, Form.CSV)
    with pytest.raises(ValueError, match="score the file anew"):
        second.replay(["sha256:00"])
    second.abandon()


def test_a_disk_that_takes_nothing_is_told(tmp_path: Path) -> None:
    whole = file(tmp_path, Form.CSV)
    whole._made._write = lambda _: (_ for _ in ()).throw(OSError("full"))
    whole.write(batch(1))
    with pytest.raises(OSError, match="full"):
        whole.finish()
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("form", [Form.CSV, Form.ARROW])
def test_a_pipe_is_given_rows_as_they_come(form: Form) -> None:
    stream = io.BytesIO()
    piped = Piped(stream, form, SCHEMA)
    piped.replay([])
    piped.write(batch(1, 2))
    assert piped.part() == ""
    piped.write(batch(3))
    piped.finish()
    content = stream.getvalue()
    found = pa.csv.read_csv(io.BytesIO(content)) if form is Form.CSV else pa.ipc.open_stream(content).read_all()
    assert found["a"].to_pylist() == [1, 2, 3]


def test_parquet_is_for_files() -> None:
    with pytest.raises(ValueError, match="csv or arrow"):
        Piped(io.BytesIO(), Form.PARQUET, SCHEMA)
