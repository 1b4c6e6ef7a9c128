"""Our side: a house in which both models walk all the way to a deployment, and the gateway's command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
from tests.walk import Walked, _found

from muster.adapters.yamlfiles.contracts import read_contract
from muster.columns.tables import to_parquet
from muster.lifecycle.desk.action import Upload
from muster.records.codec import encode
from muster.records.governance.terms import Selector
from muster.records.model import DecisionRule, Favourable, Recipe
from muster.records.people import Role
from muster.records.policy import Comparison, Control, Library, Limit, Meets, Policy, Requirement, SignOff
from muster.records.purpose import UseCase
from muster.settings import read_settings
from muster.wiring.gateway import command

DATA = Path(__file__).parent / "data"
TARGET = "risk"
NUMBERS = ("job", "credit_amount", "duration", "age")
CATEGORIES = ("sex", "housing", "saving_accounts", "checking_account", "purpose")
LEARNERS = {"lr": "logistic-regression", "hgb": "gradient-boosting"}
RULE = DecisionRule(0.5, Favourable.AT_LEAST)
LIBRARY = Library(
    "bench",
    (
        Control(
            "useful",
            "The model ranks applicants.",
            "performance.discrimination",
            {},
            Limit("auc", Comparison.AT_LEAST, 0.6, Meets.POINT),
        ),
    ),
)
POLICY = Policy(
    "bench",
    "production",
    "Is useful, and signed off by somebody who did not build it.",
    Selector(),
    (Requirement("useful"),),
    (SignOff(Role.RISK_ANALYST),),
    "bench",
)
USE_CASE = UseCase(
    id="german-credit",
    purpose="Measure how fast a decision is served.",
    owner="olga",
    sponsor="sam",
    domain="consumer-credit",
    consequential=True,
    people_per_year=1000,
    exposure=1e6,
    currency="EUR",
    autonomy="decides",
    jurisdictions=("EU",),
    kpi="requests a second",
    kpi_target=1000.0,
)


def table() -> pa.Table:
    """Read the thousand rows."""
    return pyarrow.csv.read_csv(DATA / "german_credit.csv")


def furnish(home: Path) -> Walked:
    """Found a house and deploy each model under its short name, with every guard and the log on."""
    walked = _found(home)
    do = walked.do
    do("mia", "use-case register", use_case=encode(USE_CASE))
    do("ana", "library adopt", library=encode(LIBRARY))
    do("ana", "policy adopt", policy=encode(POLICY))
    name = "german-credit.yaml"
    contract = encode(read_contract((DATA / name).read_text(encoding="utf-8"), name))
    upload = Upload("german.parquet", to_parquet(table()))
    asked: dict[str, Any] = {
        "table": upload,
        "contract": contract,
        "name": "german",
        "source": "UCI",
        "licence": "CC BY 4.0",
    }
    whole = do("mia", "dataset snapshot", **asked)
    parts = {part.role.value: part.digest for part in do("mia", "dataset split", dataset=whole.digest)}
    for short, learner in LEARNERS.items():
        recipe = Recipe(learner, (*NUMBERS, *CATEGORIES), TARGET, 1, {})
        walked.version = do(
            "mia", "model train", use_case=USE_CASE.id, model=short, training=parts["training"],
            recipe=encode(recipe), decision=encode(RULE),
        ).digest  # fmt: skip
        about = {"version": walked.version, "sample": parts["held-out"]}
        do("mia", "model assess", **about)
        do("mia", "model compile", **about)
        walked.sign("ana")
        do("mia", "release sign", version=walked.version)
        do("omar", "deployment set", name=short, version=walked.version)
    return walked


def gateway(walked: Walked, port: int) -> list[str]:
    """Return the command line of a gateway, as an operator would start it."""
    settings = read_settings({"home": walked.home, "root": walked.fingerprint, "gateway_port": port}, {})
    return command(settings)
