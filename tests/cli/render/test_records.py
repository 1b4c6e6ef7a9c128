from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from datetime import UTC, datetime

from muster.lifecycle.desk.roots import RootChain
from muster.records.data import Column, ColumnType, DatasetRole, DatasetVersion
from muster.records.governance.terms import EmergencyTerms, FindingSeverity, LapseAction, Monitoring, OnLapse
from muster.records.model import Compilation, DecisionRule, Favourable, Manifest, ModelVersion, Recipe
from muster.records.people import Role
from muster.records.policy import (
    Comparison,
    Control,
    Library,
    Limit,
    Meets,
    Policy,
    Requirement,
    Selector,
    SignOff,
)
from muster.records.trust import Algorithm, Duty, KeyGrant, PublicKey, TrustRoot

AT = datetime(2026, 11, 23, 10, tzinfo=UTC)
DIGEST = "sha256:" + "ab" * 32
AGE = Column("AGE", ColumnType.INTEGER)


def test_a_dataset_without_its_profile(shown: Callable[..., str]) -> None:
    version = DatasetVersion(
        "rows", DIGEST, 3, DatasetRole.SOURCE, (AGE,), ("AGE",), "UCI", "CC", profile={"v": "deep"}
    )
    text = shown(version)
    assert DIGEST in text
    assert "1: AGE" in text
    assert "deep" not in text


def test_a_model_says_how_it_decides(shown: Callable[..., str]) -> None:
    recipe = Recipe("gradient-boosting", ("AGE",), "default", 1, {})
    manifest = Manifest(recipe, DecisionRule(0.2, Favourable.BELOW), (AGE,), {"model.skops": DIGEST})
    version = ModelVersion(DIGEST, "m", "credit", manifest, "run", DIGEST)
    text = shown(version)
    assert "approve under 0.2, else refuse" in text
    assert "probability that default is 1" in text
    rule = dataclasses.replace(manifest.decision, favourable=Favourable.AT_LEAST)
    other = dataclasses.replace(version, manifest=dataclasses.replace(manifest, decision=rule))
    assert "approve from 0.2, else refuse" in shown(other)


def test_a_compilation_says_which_rung_it_is_and_why(shown: Callable[..., str]) -> None:
    proof = Compilation(DIGEST, DIGEST, "onnxruntime 1", 30, 20, 0, 2e-16, DIGEST, scores_differing=4)
    assert "compiled: every column" in shown(proof)
    assert "30, 20 of them adversarial" in shown(proof)
    other = dataclasses.replace(proof, original="muster cannot compile SVC", engine="scikit-learn 1 in a worker")
    assert "without keys or network: muster cannot compile SVC" in " ".join(shown(other).split())


def test_a_policy_and_its_library_have_a_line_for_each_control(shown: Callable[..., str]) -> None:
    limit = Limit("impact_ratio", Comparison.AT_LEAST, 0.8, Meets.INTERVAL)
    library = Library("muster", (Control("impact", "No group is left behind.", "fairness.impact_ratio", {}, limit),))
    demand = Requirement("impact", 0.85, {"attribute": "AGE"}, "held-out")
    policy = Policy("p", "production", "s", Selector(), (demand,), (SignOff(Role.RISK_ANALYST, 2),), "muster")
    assert "impact_ratio at least 0.8 (interval)" in shown(library)
    assert "2 risk-analyst" in shown(policy)
    assert any(line.split() == ["impact", "0.85", "attribute=AGE", "held-out"] for line in shown(policy).splitlines())


def test_a_policy_says_what_a_lapse_brings_who_signs_and_what_blocks(shown: Callable[..., str]) -> None:
    policy = Policy("p", "production", "s", Selector(), (Requirement("impact"),), (), "muster")
    bare = shown(policy)
    for said in (r"on lapse +suspend, at once", "blocking findings +none block", "own.keys.only +[a-zA-Z]+"):
        assert re.search(said, bare)
    assert "emergency" not in bare
    whole = dataclasses.replace(
        policy,
        on_lapse=OnLapse(LapseAction.ROLL_BACK, 24),
        blocking_findings=(FindingSeverity.HIGH, FindingSeverity.CRITICAL),
        emergency=EmergencyTerms(72),
        guards=("schema",),
        monitors=(Monitoring("drift", 7),),
    )
    told = shown(whole)
    for said in (
        "on lapse +roll-back, after 24 hours of grace",
        "blocking findings +high, critical",
        "emergency +released by executive, signed off within 72 hours",
        "guards +schema",
        "monitors +drift every 7 days",
    ):
        assert re.search(said, told)


def test_a_trust_root_says_who_is_trusted_with_what(shown: Callable[..., str]) -> None:
    key = PublicKey(Algorithm.ECDSA_P256, "AAAA")
    root = TrustRoot(2, "bank", (KeyGrant(Duty.APPROVER, key, "ana", ("validator",)),), 1, AT, AT)
    text = shown(RootChain("sha256:pinned", ("one", "two"), root))
    assert "sha256:pinned" in text
    assert any(line.split() == ["approver", "ana", "validator", key.id[:16]] for line in text.splitlines())
    assert "2026-11-23 10:00:00 UTC" in text
