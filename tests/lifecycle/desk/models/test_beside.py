"""Windows of a log whose parts stand in several places: inputs kept apart, rows in tables, what people said."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pyarrow as pa
import pytest
from tests.walk import INPUTS, Walked, policy

from muster.adapters.arrowlog.reader import ArrowLogReader
from muster.adapters.arrowlog.writer import ArrowLog, Rolling
from muster.columns.tables import from_parquet, to_parquet
from muster.lifecycle.desk.action import Upload
from muster.ports.log import Source, Stream
from muster.records.codec import encode
from muster.records.evidence import Evidence, Outcome
from muster.records.policy import Comparison, Control, Library, Limit, Meets, Requirement
from muster.records.purpose import UseCase
from muster.wiring import shipped

ROWS = 200
TARGET = "default-payment-next-month"
APART = INPUTS[0]


@pytest.fixture
def held_out(walked: Walked) -> pa.Table:
    return from_parquet(walked.do("mia", "dataset download", dataset=walked.parts["held-out"]).content).slice(0, ROWS)


def write(walked: Walked, rows: pa.Table, first: int = 0, *, apart: str = APART, left: int = 0) -> None:
    """Log rows as decided by the walked version, one input apart; the first of them were left to a person."""
    log = ArrowLog(walked.home / "log", Rolling(linger_s=0.0))
    inputs = walked.do("mia", "model show", version=walked.version).manifest.inputs
    named = "credit", walked.version, "sha256:s"
    size = rows.num_rows
    ids = [f"d{first + row:06d}" for row in range(size)]
    block: dict[str, list[Any]] = {
        "decision_id": ids, "at": [first] * size, "request_id": ["r"] * size, "decision": ["x"] * size,
        "score": [(row % 100) / 100 for row in range(size)], "flags": [[]] * size, "reasons": [[]] * size,
        "favourable": [None if row < left else row % 100 < 50 for row in range(size)], "guards": [""] * size,
        "scored_us": [1] * size, "latency_us": [1] * size,
    }  # fmt: skip
    given = {column.name: rows.column(column.name).to_pylist() for column in inputs}
    block |= {f"input.{name}": values for name, values in given.items() if name != apart}
    log.append(Source(Stream.DECISIONS, *named, tuple(c for c in inputs if c.name != apart)), block)
    if apart:
        kept = {"decision_id": ids, "at": block["at"], f"input.{apart}": given[apart]}
        log.append(Source(Stream.PERSONAL, *named, tuple(c for c in inputs if c.name == apart)), kept)
    log.close()


def window(walked: Walked, held_out: pa.Table, who: str = "omar") -> Any:
    ids = [f"d{row:06d}" for row in range(held_out.num_rows)]
    late = Upload(
        "late.parquet", to_parquet(held_out.select([TARGET, "SEX"]).append_column("decision_id", pa.array(ids)))
    )
    return walked.do(who, "monitor window", deployment="credit", version=walked.version, outcomes=late)


def drift(found: Any) -> Evidence:
    evidence: Evidence = next(each for each in found.evidence if each.check == "drift.population_stability")
    return evidence


def test_inputs_that_are_kept_apart_are_measured_and_not_kept_again(walked: Walked, held_out: pa.Table) -> None:
    write(walked, held_out)
    evidence = drift(window(walked, held_out))
    assert evidence.outcome is Outcome.MEASURED, evidence.reason
    assert APART in {figure.group for figure in evidence.figures}
    assert APART not in from_parquet(walked.house.blobs.get(evidence.sample)).column_names


def test_where_they_are_gone_of_some_nothing_is_measured_with_them_and_the_rest_is(
    walked: Walked, held_out: pa.Table
) -> None:
    write(walked, held_out.slice(0, 120))
    for file in (walked.home / "log").rglob("decisions-personal/*.arrows"):
        file.unlink()
    write(walked, held_out.slice(120), 120)
    found = window(walked, held_out)
    assert drift(found).outcome is Outcome.NOT_MEASURED
    assert f"not available: inputs {APART} are kept apart from the log, and gone for 120 of 200" in drift(found).reason
    ratio = next(each for each in found.evidence if each.check == "fairness.impact_ratio")
    assert ratio.outcome is Outcome.MEASURED
    assert found.decision.verdict == "refuse"


def test_who_may_not_have_them_stops_nothing(walked: Walked, held_out: pa.Table) -> None:
    write(walked, held_out)
    before = walked.context().history(Evidence)
    with pytest.raises(PermissionError, match="operator or validator may have them joined"):
        window(walked, held_out, "mia")
    case = {**shipped.value(UseCase, "stories/consumer-credit.yaml"), "id": "other"}
    walked.do("mia", "use-case register", use_case=case)
    elsewhere = {"actor": "mia", "role": "validator", "use_cases": ["other"], "reason": "as agreed"}
    walked.do("ines", "role confirm", proposal=walked.do("admin", "role propose", **elsewhere).proposal)
    with pytest.raises(PermissionError, match="operator or validator may have them joined"):
        window(walked, held_out, "mia")
    assert walked.context().history(Evidence) == before


def test_they_have_a_time_of_their_own(walked: Walked, held_out: pa.Table) -> None:
    write(walked, held_out)
    walked.do("ana", "retention set", data="inference-log-personal", days=1, reason="house rule 8")
    walked.clock.offset = timedelta(days=2)
    (done,) = walked.do("omar", "retention run", data="inference-log-personal")
    assert len(done.removed) == 1
    assert "/decisions-personal/" in done.removed[0]
    assert not list((walked.home / "log").rglob("decisions-personal/*.arrows"))
    assert len(list((walked.home / "log").rglob("decisions/*.arrows"))) == 1


def test_a_hold_keeps_them(walked: Walked, held_out: pa.Table) -> None:
    write(walked, held_out)
    walked.do("omar", "orders issue")
    walked.do("ana", "hold set", version=walked.version, reason="a court asks")
    walked.do("ana", "retention set", data="inference-log-personal", days=1, reason="house rule 8")
    walked.clock.offset = timedelta(days=2)
    (done,) = walked.do("omar", "retention run", data="inference-log-personal")
    assert (done.removed, len(done.locked)) == ((), 1)


def test_what_was_moved_to_tables_is_read_there_and_counted_once(walked: Walked, held_out: pa.Table) -> None:
    write(walked, held_out.slice(0, 120), apart="")
    whole = walked.home / "log"
    walked.do("omar", "log compact")
    walked.do("ana", "retention set", data="inference-log-segments", days=1, reason="tables are smaller")
    walked.clock.offset = timedelta(days=2)
    (done,) = walked.do("omar", "retention run", data="inference-log-segments")
    assert len(done.removed) == 1
    assert not list(ArrowLogReader(whole).batches("credit"))
    write(walked, held_out.slice(120), 120, apart="")
    walked.do("omar", "log compact")
    walked.clock.offset = timedelta()
    found = window(walked, held_out)
    assert (found.decisions, found.unknown_decisions) == (ROWS, 0)
    assert {figure.n for figure in drift(found).figures} == {ROWS}

    walked.do("ana", "retention set", data="inference-log", days=1, reason="house rule 9")
    walked.clock.offset = timedelta(days=2)
    walked.do("omar", "retention run", data="inference-log")
    assert walked.house.lake
    assert walked.house.lake.rows("credit", Stream.DECISIONS) == 0
    with pytest.raises(ValueError, match="holds no decision of version"):
        window(walked, held_out)


def test_how_often_people_decide_otherwise_is_evidence_of_all_decisions(walked: Walked, held_out: pa.Table) -> None:
    """Of those who were refused nobody ever knows the outcome: they count all the same."""
    library = walked.context("ana").latest(Library, "library:muster")
    limit = Limit("override_rate", Comparison.AT_MOST, 0.02, Meets.POINT, 50)
    rarely = Control("rarely", "People rarely decide otherwise.", "oversight.override_rate", {}, limit)
    walked.do("ana", "library adopt", library=encode(replace(library, controls=(*library.controls, rarely))))
    asked = replace(policy(), requirements=(Requirement("rarely", sample_role="window"),))
    walked.do("ana", "policy adopt", policy=encode(asked))
    write(walked, held_out, apart="", left=10)
    for row in (60, 61, 62, 63):
        walked.do("omar", "override record", decision=f"d{row:06d}", deployment="credit", to="approve", reason="why")
    found = window(walked, held_out.slice(0, 50))
    (evidence,) = found.evidence
    rate = next(figure for figure in evidence.figures if figure.name == "override_rate")
    assert (rate.value, rate.n) == (4 / 190, 190)
    assert found.referred == 10
    assert found.decision.verdict == "refuse"
    assert "override_rate at most 0.02" in str(found.decision.reasons)
