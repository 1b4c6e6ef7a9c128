"""What a release rests on, for tests: a use case, a policy, a library, evidence, a sign-off, a waiver."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from muster.records.canonical import digest
from muster.records.codec import encode, kind_of
from muster.records.data import Column, ColumnType
from muster.records.decision import Approval, Question, SignedApproval, Waiver
from muster.records.entry import Entry
from muster.records.evidence import Evidence, Figure, Outcome
from muster.records.governance.terms import Selector
from muster.records.model import Compilation, DecisionRule, Favourable, Manifest, ModelVersion, Recipe, Run
from muster.records.people import Role
from muster.records.policy import Comparison, Control, Library, Limit, Meets, Policy, Requirement, SignOff
from muster.records.purpose import UseCase
from muster.records.trust import PublicKey
from muster.rules.envelope import IN_TOTO, envelope_text, seal, statement
from muster.rules.gate.decide import record_digest
from muster.rules.gate.facts import APPROVAL

RULE = DecisionRule(0.5, Favourable.BELOW)

COLUMNS = (
    Column("income", ColumnType.NUMBER, minimum=0.0, maximum=100_000.0),
    Column("months", ColumnType.INTEGER, nullable=True, minimum=0.0, maximum=480.0),
    Column("job", ColumnType.CATEGORY, categories=("clerk", "smith", "weaver")),
)

POLICY = Policy(
    id="consumer-credit",
    environment="production",
    statement="Blind to age, and signed off.",
    applies_to=Selector(domains=("consumer-credit",)),
    requirements=(Requirement("no-age"), Requirement("discrimination")),
    sign_offs=(SignOff(Role.RISK_ANALYST),),
    library="muster",
)

LIBRARY = Library(
    "muster",
    (
        Control(
            "no-age",
            "Age is no input.",
            "fairness.prohibited_inputs",
            {"columns": ["age"]},
            Limit("prohibited_inputs", Comparison.EQUALS, 0, Meets.POINT),
        ),
        Control(
            "discrimination",
            "It tells good from bad.",
            "performance.discrimination",
            {},
            Limit("auc", Comparison.AT_LEAST, 0.7, Meets.INTERVAL),
        ),
    ),
)

USE_CASE = UseCase(
    "loans", "grant loans", "owner", "sponsor", "consumer-credit", True, 1000, 1e6, "EUR", "decides", ("EU",), "k", 1.0
)


@dataclass(frozen=True)
class Terms:
    """On which terms a version is released; the defaults are good ones."""

    name: str
    at: datetime
    columns: Sequence[Column] = COLUMNS
    policy: Policy = POLICY
    bias: float = 0.0
    author: str = "bob"
    auc: float = 0.8
    prohibited: int = 0
    """How many prohibited inputs the evidence says there are."""
    waiver: str = ""
    """Control that is waived."""
    life: timedelta = timedelta(days=90)
    scope: str = "serve"

    @property
    def manifest(self) -> Manifest:
        recipe = Recipe("logistic-regression", tuple(c.name for c in self.columns), "default", 1, {"bias": self.bias})
        return Manifest(recipe, RULE, tuple(self.columns), {"model.skops": digest(f"{self.name}{self.bias}".encode())})

    def entries(
        self, question: Question, served: str, approver: tuple[PublicKey, Callable[[bytes], bytes]]
    ) -> list[Entry]:
        """Return the ledger entries that the release rests on."""
        version, manifest, training = question.version, self.manifest, digest(b"training")
        auc = Figure("auc", self.auc, 1000, self.auc - 0.01, self.auc + 0.01)
        evidence = [
            self._evidence(version, "fairness.prohibited_inputs", Figure("prohibited_inputs", self.prohibited, 1000)),
            self._evidence(version, "performance.discrimination", auc),
        ]
        made = [
            self._entry(USE_CASE, "owner"),
            self._entry(self.policy, "ann"),
            self._entry(LIBRARY, "ann"),
            self._entry(Run("run-1", "loans", training, manifest.recipe, {}, {}), self.author),
            self._entry(ModelVersion(version, "loans", "loans", manifest, "run-1", training), self.author),
            self._entry(Compilation(version, served, "onnxruntime", 100, 10, 0, 0.0, digest(b"rows")), self.author),
            *evidence,
            self._entry(SignedApproval(version, self._approval(question, evidence, approver)), "ann"),
        ]
        if self.waiver:
            until = self.at + timedelta(days=30)
            granted = Waiver(version, self.waiver, question.environment, "needed", "watched", until, "owner")
            made.append(self._entry(granted, "ann"))
        return made

    def _approval(
        self, question: Question, evidence: Sequence[Entry], approver: tuple[PublicKey, Callable[[bytes], bytes]]
    ) -> str:
        approval = Approval(
            question=question,
            approver="ann",
            role="risk-analyst",
            policy=record_digest(self.policy),
            library=record_digest(LIBRARY),
            evidence=tuple(digest(entry.to_bytes()) for entry in evidence),
            comment_digest="",
            signed_at=self.at,
        )
        said = statement({"model-version": question.version}, APPROVAL, approval)
        return envelope_text(seal(IN_TOTO, said, [approver]))

    def _entry(self, record: Any, actor: str) -> Entry:
        return Entry(kind_of(type(record)), record.subject, actor, self.at - timedelta(hours=1), encode(record))

    def _evidence(self, version: str, check: str, figure: Figure) -> Entry:
        control = next(control for control in LIBRARY.controls if control.check == check)
        sample = digest(b"held-out")
        record = Evidence(
            version, check, 1, control.parameters, sample, "held-out", "held-out", (figure,), Outcome.MEASURED
        )
        return self._entry(record, "bob")


def body(size: int = 1, **changes: Any) -> dict[str, Any]:
    """Return a good inference request of ``size`` rows; ``changes`` replaces the data of columns."""
    data = {"income": 30_000.0, "months": 12, "job": "clerk"}
    kinds = {"income": "FP64", "months": "INT64", "job": "BYTES"}
    return {
        "inputs": [
            {"name": name, "datatype": kinds[name], "shape": [size], "data": changes.get(name, [value] * size)}
            for name, value in data.items()
        ]
    }
