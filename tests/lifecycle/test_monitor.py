import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pytest
from tests.gateway.caller import Caller
from tests.walk import INPUTS, Walked, policy

from muster.adapters.arrowlog.writer import ArrowLog, Rolling
from muster.adapters.keys import KeyFile
from muster.columns.tables import from_parquet, to_parquet
from muster.gateway.app import Gateway
from muster.lifecycle.desk.action import Upload
from muster.records.codec import encode
from muster.records.evidence import Evidence
from muster.records.policy import Comparison, Control, Library, Limit, Meets, Requirement
from muster.records.trust import Duty, KeyGrant
from muster.rules.trust import sign_root
from muster.settings import Settings
from muster.wiring.control import Local
from muster.wiring.gateway import bind
from muster.wiring.keyring import new_key

ROWS = 600
TARGET = "default-payment-next-month"


@pytest.fixture
def held_out(walked: Walked) -> pa.Table:
    return from_parquet(walked.do("mia", "dataset download", dataset=walked.parts["held-out"]).content).slice(0, ROWS)


def decide(walked: Walked, log: ArrowLog, held_out: pa.Table) -> list[str]:
    told: list[str] = []
    caller = Caller(Gateway(walked.gateway(log=log).refresh(), walked.clock, told.append), told)
    columns = {column.name: column for column in walked.do("mia", "model show", version=walked.version).manifest.inputs}
    kinds = {"number": "FP64", "integer": "INT64", "category": "BYTES"}
    tensors = [
        {"name": n, "shape": [ROWS], "datatype": kinds[columns[n].type.value], "data": held_out.column(n).to_pylist()}
        for n in INPUTS
    ]
    status, answer = caller.infer({"inputs": tensors}, "/v2/models/credit/infer")
    assert status == 200, answer
    log.close()
    assert told == []
    ids: list[str] = next(output["data"] for output in answer["outputs"] if output["name"] == "decision_id")
    return ids


@pytest.fixture
def decided(walked: Walked, held_out: pa.Table) -> list[str]:
    """The ids of decisions that a gateway gave over the Open Inference Protocol, in the order of the rows."""
    return decide(walked, ArrowLog(walked.home / "log", Rolling(linger_s=0.0)), held_out)


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
    said = "asks nothing of windows: add a monitor, or a requirement of sample_role: window"
    with pytest.raises(ValueError, match=said):
        window(walked, Upload("outcomes.csv", b"decision_id\nx\n"))


def test_a_file_that_is_no_table_is_named(walked: Walked) -> None:
    with pytest.raises(ValueError, match="outcomes"):
        window(walked, Upload("outcomes.parquet", b"no parquet"))
    with pytest.raises(PermissionError, match="needs the role"):
        walked.do("ana", "monitor window", deployment="credit", version=walked.version, outcomes=Upload("a.csv", b""))


@pytest.fixture
def sealed(walked: Walked, tmp_path: Path) -> ArrowLog:
    """A log that its gateway signs, with a key that the trust root names."""
    (walked.home / "log").mkdir(exist_ok=True)
    public = new_key(tmp_path / "log.pem", Duty.GATEWAY_LOG, name="g1").public
    current = walked.do("admin", "trust show").current
    grants = (*current.grants, KeyGrant(Duty.GATEWAY_LOG, public, name="g1"))
    root = replace(current, version=current.version + 1, grants=grants)
    first = next(grant for grant in root.grants if grant.duty is Duty.ROOT)
    signer = KeyFile.load(walked.home / "keys" / "root.pem")
    document = Upload("root.json", sign_root(root, [(first, signer.sign)]).encode())
    walked.do("admin", "trust publish", document=document)
    settings = Settings(home=walked.home, log_key=tmp_path / "log.pem", gateway_name="g1")
    log = bind(settings).open_log()
    assert isinstance(log, ArrowLog)
    return log


def test_a_log_that_must_be_signed_is_believed_only_as_its_gateway_signed_it(
    walked: Walked, sealed: ArrowLog, held_out: pa.Table
) -> None:
    late = outcomes(held_out, decide(walked, sealed, held_out))
    assert window(walked, late).decisions == ROWS
    (segment,) = (walked.home / "log").rglob("*.arrows")
    content = bytearray(segment.read_bytes())
    content[len(content) // 2] ^= 1
    segment.write_bytes(content)
    with pytest.raises(PermissionError, match="was altered since gateway g1 sealed it"):
        window(walked, late)
    (line,) = walked.do("ana", "alert list", what="log-changed")
    assert "was altered since gateway g1 sealed it" in line.words


def test_a_log_that_nobody_signs_is_said_to_be_so(walked: Walked, held_out: pa.Table, decided: list[str]) -> None:
    told: list[str] = []
    asked = {"deployment": "credit", "version": walked.version, "outcomes": outcomes(held_out, decided)}
    Local(walked.house, "omar").call("monitor window", asked, told.append)
    assert any("the log is not signed" in line for line in told)
