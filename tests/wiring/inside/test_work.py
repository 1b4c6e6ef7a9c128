from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from muster.columns.tables import read_scores, to_parquet
from muster.wiring.inside.work import Work


@pytest.fixture
def work(tmp_path: Path) -> Work:
    for name in ("in", "out"):
        (tmp_path / name).mkdir()
    return Work(tmp_path / "in", tmp_path / "out", lambda _: None)


def test_files_come_and_go(work: Work) -> None:
    table = pa.table({"a": [1, 2]})
    (work.given / "rows.parquet").write_bytes(to_parquet(table))
    assert work.table("rows.parquet").equals(table)
    work.write_scores("scores.npy", np.array([0.25, 0.5]))
    assert read_scores((work.made / "scores.npy").read_bytes()).tolist() == [0.25, 0.5]


def test_what_did_not_come_or_is_damaged_is_named(work: Work) -> None:
    with pytest.raises(ValueError, match=r"needs the file model\.txt, and it was given none"):
        work.read("model.txt")
    (work.given / "rows.parquet").write_bytes(b"PAR1")
    with pytest.raises(ValueError, match=r"rows\.parquet is not a readable Parquet file"):
        work.table("rows.parquet")
