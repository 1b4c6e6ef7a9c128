"""A small library with a law in force, one to come and one elsewhere, and a version that was measured."""

from dataclasses import replace

from tests.rules.scene import (
    AUC,
    INPUTS,
    MANIFEST,
    NOW,
    POLICY,
    QUESTION,
    ROOT,
    USE_CASE,
    VERSION,
    complete,
    record,
)
from tests.rules.scene import LIBRARY as PLAIN

from muster.adapters.signatures import verify
from muster.records.canonical import digest
from muster.records.data import DatasetRole, DatasetVersion
from muster.records.entry import Entry
from muster.records.governance.clauses import AnsweredBy, Clause, Confidence, Objective, Regime
from muster.records.governance.terms import Selector
from muster.records.model import ModelVersion
from muster.records.policy import Library, Policy
from muster.rules.coverage.house.known import Known
from muster.rules.gate.decide import decide
from muster.rules.gate.facts import gather

TODAY, LATER = f"{NOW:%Y-%m-%d}", "2027-12-02"


def clause(name: str, status: str = "in-force", **more: object) -> Clause:
    return replace(Clause(name, f"What {name} asks.", "there", status, Confidence.READ, ("EU",)), **more)


LIBRARY = Library(
    "muster",
    (
        replace(AUC, clauses=("LAW 1",), objective="PERF-01"),
        replace(INPUTS, clauses=("LAW 1", "LATE 1"), objective="DATA-04"),
        replace(AUC, id="unasked", check="other-check", clauses=("LAW 2",), objective="ROB-01"),
    ),
    (
        clause("LAW 1"),
        clause("LAW 2"),
        clause("LAW 3"),
        clause("LAW 4"),
        clause("LAW 5", applies_to=Selector(domains=("employment",))),
        clause("LATE 1", "enacted", in_force_from=LATER),
        clause("GONE 1", "rescinded", in_force_until=LATER),
        clause("FAR 1", jurisdictions=("US-CO",)),
    ),
    regimes=tuple(
        Regime(name, f"The {name}", "there", "in-force", Confidence.READ) for name in ("LAW", "LATE", "GONE", "FAR")
    ),
    objectives=(
        Objective("PERF-01", "performance", "It is good.", AnsweredBy.CHECK, ("LAW 1",)),
        Objective("DATA-04", "data", "Nothing is used that may not be.", AnsweredBy.CHECK, ("LATE 1",)),
        Objective("ROB-01", "robustness", "It is steady.", AnsweredBy.CHECK, ("LAW 2",)),
        Objective("GOV-01", "governance", "Duties are apart.", AnsweredBy.GATE, ("LAW 3",), ("duties-separated",)),
        Objective(
            "SRV-04", "serving", "Stopping is rehearsed.", AnsweredBy.NOTHING, ("LAW 4",), (), "Not covered: it."
        ),
    ),
)


def known(happened: list[Entry] | None = None, /, policy: Policy = POLICY, **changes: object) -> Known:
    """What is known of the version of the scene; everything is there unless told otherwise."""
    told = complete() if happened is None else happened
    facts = gather(QUESTION, record(told), ROOT, verify)
    training = DatasetVersion("loans", digest(b"training"), 100, DatasetRole.TRAINING, (), (), "the bank", "internal")
    whole = Known(
        facts,
        decide(policy, PLAIN, QUESTION, facts, NOW),
        policy,
        USE_CASE,
        ModelVersion(VERSION, "loans", "loans", MANIFEST, "run-1", digest(b"training")),
        training,
        searches=0,
        deployments=(),
        shadows=0,
        packages=(),
        entries=7,
        outside=(),
    )
    return replace(whole, **changes)
