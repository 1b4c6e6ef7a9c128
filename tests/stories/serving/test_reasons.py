"""Reasons for the rows of a file: those of the governed map that ships, row by row what a gateway answers with."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.gateway.caller import Caller
from tests.walk import INPUTS, Walked, table

from muster.gateway.app import Gateway
from muster.gateway.batch import process
from muster.records.policy import ReasonMap
from muster.settings import Settings
from muster.wiring import shipped
from muster.wiring.scoring import Asked, own

ROWS = 300


@pytest.fixture
def mapped(walked: Walked) -> Walked:
    """A house whose orders name the shipped reason map; and a file of applicants, the last of whom owes letters."""
    walked.do("ana", "reason-map adopt", reasons=shipped.value(ReasonMap, "reasons/consumer-credit.yaml"))
    walked.do("omar", "orders issue")
    applicants = table().slice(0, ROWS).select(list(INPUTS))
    pq.write_table(applicants.append_column("id", pa.array(range(ROWS))), walked.home / "in.parquet")
    return walked


def score(walked: Walked, **asked: object) -> int:
    settings = own(Settings(home=walked.home, root=walked.fingerprint))
    given = {"input": str(walked.home / "in.parquet"), "output": str(walked.home / "out.parquet"), "quiet": True}
    return process.score(settings, Asked("credit", **{**given, **asked}))  # type: ignore[arg-type]


def test_each_adverse_row_has_the_codes_that_a_gateway_gives_and_no_other_row_has_any(mapped: Walked) -> None:
    assert score(mapped, reasons=True) == 0
    results = pq.read_table(mapped.home / "out.parquet").to_pylist()
    adverse = [place for place, row in enumerate(results) if row["favourable"] is False]
    assert 10 < len(adverse) < ROWS - 10
    assert all(1 <= len(results[place]["reasons"]) <= 4 for place in adverse)
    assert not any(row["reasons"] for row in results if row["favourable"])

    gateway = Gateway(mapped.gateway().refresh(), mapped.clock, print)
    caller, applicants = Caller(gateway, []), table().slice(0, ROWS).select(list(INPUTS)).to_pylist()
    for place in (*adverse[:20], 0, 1, 2):
        status, answer = caller("POST", "/predict/credit", applicants[place])
        assert (status, answer["score"]) == (200, results[place]["score"])
        assert [reason["code"] for reason in answer.get("reasons", [])] == (results[place]["reasons"] or [])


def test_reasons_are_logged_with_the_rows_and_left_out_where_nobody_asks(mapped: Walked) -> None:
    assert score(mapped) == 0
    plain = pq.read_table(mapped.home / "out.parquet")
    assert "reasons" not in plain.column_names
    assert score(mapped, reasons=True, replace=True) == 0
    explained = pq.read_table(mapped.home / "out.parquet")
    assert explained.column("score").equals(plain.column("score"))


def test_without_a_map_nothing_is_scored_where_reasons_are_asked_for(
    walked: Walked, capsys: pytest.CaptureFixture[str]
) -> None:
    walked.do("omar", "orders issue")
    pq.write_table(table().slice(0, 5).select(list(INPUTS)), walked.home / "in.parquet")
    assert score(walked, reasons=True) == 1
    assert "REFUSED: no reasons can be given: the orders name no reason map" in capsys.readouterr().err
    assert not (walked.home / "out.parquet").exists()
