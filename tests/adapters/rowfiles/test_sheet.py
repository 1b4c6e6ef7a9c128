from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from muster.adapters.rowfiles.sheet import COLUMNS, Sheet, flattened
from muster.columns.encoding.coded import Coded
from muster.gateway.ids import many_ids

KEPT = pa.record_batch({"id": [1, 2, 3]})


def columns() -> dict[str, Any]:
    """Of rows 0 and 2; row 1 was refused."""
    return {
        "decision_id": many_ids(2, 0),
        "score": np.array([0.1, 0.9]),
        "decision": Coded(("refer", "refuse", "approve"), np.array([2, 0], np.int32)),
        "favourable": Coded((None, False, True), np.array([2, 0], np.int32)),
        "flags": {1: ["a", "b"]},
        "reasons": {0: ["r"]},
        "refusal": Coded((None, "schema: no"), np.array([0, 1, 0], np.int32)),
        "model_version": "sha256:1",
    }


def test_refused_rows_are_in_their_place_and_empty_but_for_why() -> None:
    batch = Sheet(KEPT.schema, reasons=True).batch(KEPT, np.array([0, 2]), columns())
    first, second, third = batch.to_pylist()
    assert second == {**dict.fromkeys(COLUMNS), "id": 2, "refusal": "schema: no", "model_version": "sha256:1"}
    assert (first["id"], first["score"], first["favourable"], first["reasons"]) == (1, 0.1, True, ["r"])
    assert (third["decision"], third["favourable"], third["flags"], third["refusal"]) == (
        "refer",
        None,
        ["a", "b"],
        None,
    )


def test_where_no_column_is_kept_ours_are_there_all_the_same() -> None:
    none = KEPT.select([])  # which has no rows, either
    batch = Sheet(none.schema, reasons=False).batch(none, np.array([0, 2]), columns())
    assert batch.column("score").to_pylist() == [0.1, None, 0.9]


def test_a_csv_has_lists_as_text() -> None:
    batch = Sheet(KEPT.schema, reasons=False).batch(KEPT, np.array([0, 2]), columns())
    assert "reasons" not in batch.schema.names
    assert flattened(batch).to_pylist()[2]["flags"] == "a;b"


def test_a_column_called_as_one_of_ours_cannot_be_kept() -> None:
    with pytest.raises(ValueError, match="column score cannot be kept"):
        Sheet(pa.schema([pa.field("score", pa.int64())]), reasons=True)
