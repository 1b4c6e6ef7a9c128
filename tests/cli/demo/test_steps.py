import pyarrow as pa
import pytest
from tests.walk import RULE, USE_CASE, Walked, recipe, table

from muster.cli.demo.cast import Stage
from muster.cli.demo.narrator import Narrator
from muster.cli.demo.processes import Processes
from muster.cli.demo.steps import Parts, decide, register, search
from muster.columns.tables import to_parquet
from muster.lifecycle.desk.action import Upload
from muster.records.codec import encode
from muster.records.data import DataContract
from muster.records.decision import Verdict
from muster.wiring import shipped
from muster.wiring.control import Local


@pytest.fixture
def stage(walked: Walked) -> Stage:
    desks = {actor: Local(walked.house, actor) for actor in ("mia", "ana", "omar", "admin")}
    return Stage(Narrator(), Processes(walked.home), walked.home, "", walked.fingerprint, desks, walked.tokens)


def test_registering_says_why_the_tier_is_high(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    register(stage, USE_CASE)
    assert "risk tier: high, because it decides about people" in capsys.readouterr().out


def test_a_brief_decision_names_who_signed(stage: Stage, walked: Walked, capsys: pytest.CaptureFixture[str]) -> None:
    version = walked.do("mia", "model show", version=walked.version)
    assert decide(stage, version, briefly=True).verdict is Verdict.ALLOW
    assert "signed by ana" in capsys.readouterr().out


def test_the_search_shows_candidates_best_first(
    stage: Stage, walked: Walked, capsys: pytest.CaptureFixture[str]
) -> None:
    parts = Parts(walked.parts["training"], walked.parts["validation"], walked.parts["held-out"])
    found = search(stage, USE_CASE, parts)
    open_demands = [len(candidate.open_demands) for candidate in found.candidates]
    assert open_demands == sorted(open_demands)
    assert f"of {len(found.candidates)} candidates, on validation rows" in capsys.readouterr().out


def test_other_rows_give_other_figures(walked: Walked) -> None:
    """Nothing is written down beforehand: with outcomes turned round for some people, every figure moves."""
    rows = table()
    labels = rows.column("default-payment-next-month").to_pylist()
    turned = [1 - label if place % 3 == 0 else label for place, label in enumerate(labels)]
    place = rows.column_names.index("default-payment-next-month")
    changed = rows.set_column(place, "default-payment-next-month", pa.array(turned))
    whole = walked.do(
        "mia",
        "dataset snapshot",
        table=Upload("turned.parquet", to_parquet(changed)),
        contract=shipped.value(DataContract, "contracts/taiwan-credit-default.yaml"),
        name="turned",
        source="UCI",
        licence="CC BY 4.0",
    )
    parts = {part.role.value: part.digest for part in walked.do("mia", "dataset split", dataset=whole.digest)}
    asked = {"use_case": USE_CASE, "model": "credit", "recipe": recipe(), "decision": encode(RULE)}
    version = walked.do("mia", "model train", training=parts["training"], **asked)
    walked.do("mia", "model assess", version=version.digest, sample=parts["held-out"])
    before, after = (_auc(walked, digest) for digest in (walked.version, version.digest))
    assert before > 0.65
    assert abs(before - after) > 0.05
    assert walked.do("mia", "gate ask", version=version.digest).verdict is Verdict.REFUSE


def _auc(walked: Walked, version: str) -> float:
    evidence = walked.do("ana", "model evidence", version=version)
    return next(figure.value for item in evidence for figure in item.figures if figure.name == "auc")
