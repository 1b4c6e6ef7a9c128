import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pytest
from tests.gateway.caller import Caller
from tests.walk import INPUTS, Walked, policy

from muster.adapters.arrowlog.writer import ArrowLog, Rolling
from muster.columns.tables import from_parquet, to_parquet
from muster.gateway.app import Gateway
from muster.lifecycle.desk.action import Upload
from muster.records.codec import encode
from muster.records.evidence import Evidence
from muster.records.policy import Comparison, Control, Library, Limit, Meets, Requirement

ROWS = 600
TARGET = "default-payment-next-month"


@pytest.fixture
def held_out(walked: Walked) -> pa.Table:
    return from_parquet(walked.do("mia", "dataset download", dataset=walked.parts["held-out"]).content).slice(0, ROWS)


@pytest.fixture
def decided(walked: Walked, held_out: pa.Table) -> Iterator[list[str]]:
    """The ids of decisions that a gateway gave over the Open Inference Protocol, in the order of the rows."""
    log = ArrowLog(walked.home / "log", Rolling(linger_s=0.0))
    told: list[str] = []
    caller = Caller(Gateway(walked.gateway(log=log).refresh(), walked.clock, told.append), told)
    columns = {column.name: column for column in walked.do("mia", "model show", version=walked.version).manifest.inputs}
    tensors = [
        {
            "name": name,
            "shape": [ROWS],
            "datatype": {"number": "FP64", "integer": "INT64", "category": "BYTES"}[columns[name].type.value],
            "data": held_out.column(name).to_pylist(),
        }
        for name in INPUTS
    ]
    status, answer = caller.infer({"inputs": tensors}, "/v2/models/credit/infer")
    assert status == 200, answer
    log.close()
    yield next(output["data"] for output in answer["outputs"] if output["name"] == "decision_id")
    assert told == []


def outcomes(held_out: pa.Table, ids: list[str], **more: Any) -> Upload:
    known = held_out.select([TARGET, "SEX"]).slice(0, len(ids)).append_column("decision_id", pa.array(ids))
    return Upload("outcomes.parquet", to_parquet(known), **more)


def window(walked: Walked, late: Upload, **changed: str) -> Any:
    return walked.do(
        "omar", "monitor window", **{"deployment": "credit", "version": walked.version, "outcomes": late, **changed}
    )


def test_late_outcomes_are_joined_and_measured_as_before_the_release(
    walked: Walked, held_out: pa.Table, decided: list[str]
) -> None:
    found = window(walked, outcomes(held_out, decided))
    assert (found.decisions, found.without_outcome, found.unknown_decisions) == (ROWS, 0, 0)
    assert [evidence.check for evidence in found.evidence] == ["drift.population_stability", "fairness.impact_ratio"]
    assert all(evidence.sample_role == "window" for evidence in found.evidence)
    assert {figure.n for figure in found.evidence[0].figures} == {ROWS}
    ratio = found.evidence[1].figures[0]
    assert 0.5 < ratio.value <= 1.5
    assert walked.context().history(Evidence)[-1][1] == found.evidence[-1]
    assert found.decision.verdict == "allow"
    demands = [reason for reason in found.decision.reasons if "on credit" in reason.explanation]
    assert len(demands) == 2


def test_outcomes_without_decisions_and_decisions_without_outcomes_are_counted(
    walked: Walked, held_out: pa.Table, decided: list[str]
) -> None:
    ids = [*decided[:400], *(f"unknown-{place}" for place in range(50))]
    found = window(walked, outcomes(held_out, ids))
    assert (found.decisions, found.without_outcome, found.unknown_decisions) == (400, 200, 50)


def test_outcomes_come_as_csv_too(walked: Walked, held_out: pa.Table, decided: list[str]) -> None:
    buffer = io.BytesIO()
    pa.csv.write_csv(from_parquet(outcomes(held_out, decided).content), buffer)
    found = window(walked, Upload("outcomes.csv", buffer.getvalue()))
    assert found.decisions == ROWS


def test_what_drifted_lapses(walked: Walked, held_out: pa.Table, decided: list[str]) -> None:
    """Nobody who paid just on time: the window no longer looks like the reference."""
    log = from_parquet(outcomes(held_out, decided).content)
    late = [place for place, value in enumerate(held_out.column("PAY_0").to_pylist()) if value != 0]
    found = window(walked, Upload("bad.parquet", to_parquet(log.take(late))))
    assert found.decision.verdict == "refuse"
    stability = next(r for r in found.decision.reasons if r.finding == "not-met")
    assert "psi at most 0.25" in stability.explanation
    assert "PAY_0" in stability.explanation
    (line,) = walked.do("omar", "deployment list")
    assert line.state == "lapsed"
    assert walked.do("omar", "orders issue").deployments == ()


def test_windows_are_worth_what_the_use_case_says(walked: Walked, held_out: pa.Table, decided: list[str]) -> None:
    library = walked.context("ana").latest(Library, "library:muster")
    gain = Limit("value_gain", Comparison.AT_LEAST, 0.0, Meets.POINT)
    pays = Control("pays", "Deciding by the model is worth more than deciding alike.", "performance.value", {}, gain)
    walked.do("ana", "library adopt", library=encode(replace(library, controls=(*library.controls, pays))))
    asked = replace(policy(), requirements=(Requirement("pays", sample_role="window"),))
    walked.do("ana", "policy adopt", policy=encode(asked))
    (evidence,) = window(walked, outcomes(held_out, decided)).evidence
    assert (evidence.outcome, evidence.reason) == ("measured", "")
    assert "in TWD" in evidence.method


@pytest.mark.parametrize("wrong", ["twice", "none", "without"])
def test_outcomes_that_cannot_be_joined_change_nothing(
    walked: Walked, held_out: pa.Table, decided: list[str], wrong: str
) -> None:
    good = from_parquet(outcomes(held_out, decided).content)
    tables = {
        "twice": (pa.concat_tables([good, good.slice(0, 1)]), "each decision has one outcome"),
        "none": (
            good.set_column(2, "decision_id", pa.array([f"x{i}" for i in range(ROWS)])),
            "none of the 600 outcomes",
        ),
        "without": (good.drop_columns(["decision_id"]), "decision_id"),
    }
    table, said = tables[wrong]
    before = walked.house.ledger.refresh()
    with pytest.raises((ValueError, LookupError), match=said):
        window(walked, Upload("outcomes.parquet", to_parquet(table)))
    assert walked.house.ledger.refresh() == before


def test_a_missing_target_or_attribute_is_named(walked: Walked, held_out: pa.Table, decided: list[str]) -> None:
    good = from_parquet(outcomes(held_out, decided).content)
    before = walked.house.ledger.refresh()
    with pytest.raises(ValueError, match=TARGET):
        window(walked, Upload("outcomes.parquet", to_parquet(good.drop_columns([TARGET]))))
    assert walked.house.ledger.refresh() == before


@pytest.mark.parametrize("changed", [{"deployment": "nowhere"}, {"version": "sibling"}])
def test_where_nothing_was_decided_nothing_is_measured(
    walked: Walked, held_out: pa.Table, decided: list[str], changed: dict[str, str]
) -> None:
    if "version" in changed:
        changed = {"version": walked.sibling()}
    before = walked.house.ledger.refresh()
    with pytest.raises(ValueError, match="the inference log holds no decision of version"):
        window(walked, outcomes(held_out, decided), **changed)
    assert walked.house.ledger.refresh() == before


def test_a_policy_that_asks_nothing_of_windows_says_so(walked: Walked) -> None:
    asked = tuple(demand for demand in policy().requirements if demand.sample_role != "window")
    walked.do("ana", "policy adopt", policy=encode(replace(policy(), requirements=asked)))
    with pytest.raises(ValueError, match="asks nothing of windows: add a requirement with sample_role: window"):
        window(walked, Upload("outcomes.csv", b"decision_id\nx\n"))


def test_a_file_that_is_no_table_is_named(walked: Walked) -> None:
    with pytest.raises(ValueError, match="outcomes"):
        window(walked, Upload("outcomes.parquet", b"no parquet"))
    with pytest.raises(PermissionError, match="needs the role"):
        walked.do("ana", "monitor window", deployment="credit", version=walked.version, outcomes=Upload("a.csv", b""))
