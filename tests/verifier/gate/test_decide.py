"""The verifier decides as the gate does: the same verdict, and the same finding on every demand, on random histories.

Whoever changes a rule of the gate and not the verifier's, or the other way round, fails here.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.rules.scene import (
    ANALYST,
    AUC,
    AUTHOR,
    INPUTS,
    LIBRARY,
    MANIFEST,
    NOW,
    ORIGIN,
    POLICY,
    QUESTION,
    ROOT,
    TICK,
    USE_CASE,
    VALIDATOR,
    VERSION,
    approval,
    auc,
    compilation,
    entry,
    inputs,
    key,
    waiver,
)
from tests.verifier.agreeing import agree

from muster.records.adoption.policies import PolicyApproval, SignedPolicy
from muster.records.canonical import digest
from muster.records.entry import Entry
from muster.records.evidence import Figure, Outcome
from muster.records.governance.terms import EmergencyTerms, LapseAction, Monitoring, OnLapse, Selector
from muster.records.model import ModelVersion, Run
from muster.records.people import Role
from muster.records.policy import Comparison, Library, Limit, Meets, Policy, Requirement, SignOff
from muster.records.release import SignedRelease
from muster.records.trust import PolicySeat, TrustRoot
from muster.rules.envelope import IN_TOTO, envelope_text, seal, statement
from muster.rules.gate import decide as gate
from muster.rules.gate.adopted import POLICY_APPROVAL
from muster.rules.gate.decide import record_digest
from muster.verifier.gate.decide import RULES

LIFE = timedelta(days=POLICY.maximum_evidence_age_days)
ACTORS = (AUTHOR, ANALYST, VALIDATOR, "owner", f"local:{ANALYST}", f"{VALIDATOR}/nightly", "local:carol/robot")
TIMES = (timedelta(hours=-1), -LIFE, TICK - LIFE, timedelta(days=-2), timedelta(0), timedelta(minutes=6))
moments = st.sampled_from(TIMES).map(lambda ago: NOW + ago)
actors = st.sampled_from(ACTORS)
figures = st.builds(
    Figure,
    st.sampled_from(["auc", "auc", "prohibited_inputs", "other"]),
    st.sampled_from([0, 0.69, 0.7, 0.71, 0.8]),
    st.sampled_from([0, 5, 1000]),
    st.none() | st.sampled_from([0.0, 0.6, 0.7, 0.72]),
    st.none() | st.sampled_from([0.7, 0.75, 0.82, 1.0]),
)
measurements = st.builds(
    replace,
    st.sampled_from([auc(), auc(0.69), auc(0.71), auc(0.5), inputs(), inputs(1)]),
    sample_role=st.sampled_from(["held-out", "held-out", "window"]),
    sample_name=st.sampled_from(["held-out", "other", "credit"]),
    outcome=st.sampled_from([Outcome.MEASURED, Outcome.MEASURED, Outcome.NOT_MEASURED]),
    version=st.sampled_from([VERSION, VERSION, VERSION, digest(b"another")]),
) | st.builds(replace, st.just(auc()), figures=st.lists(figures, max_size=3).map(tuple))
waivers = st.builds(
    waiver,
    st.sampled_from(["discrimination", "no-age", "unknown"]),
    st.sampled_from(["owner", ANALYST, AUTHOR, "local:owner", ""]),
    st.sampled_from([NOW, NOW + TICK, NOW + LIFE]),
)
others = st.one_of(
    st.sampled_from(
        [
            USE_CASE,
            replace(USE_CASE, domain="insurance"),
            replace(USE_CASE, id="cards"),
            replace(USE_CASE, third_party=True, ai_type=None),
            compilation(),
            compilation(differing=1),
            replace(compilation(), original="muster cannot compile SVC"),
            replace(compilation(), adversarial_rows=0),
            Run("run-2", "loans", digest(b"training"), MANIFEST.recipe, {}, {}),
            ModelVersion(VERSION, "loans", "loans", MANIFEST, "run-2", digest(b"training")),
            ModelVersion(VERSION, "loans", "cards", MANIFEST, "run-1", digest(b"training")),
            ModelVersion(VERSION, "loans", "loans", replace(MANIFEST, files={}), "run-9", digest(b"training")),
            SignedRelease(VERSION, "loans", "production", "serve", digest(b"package"), NOW),
            SignedRelease(VERSION, "loans", "staging", "serve", digest(b"package"), NOW),
        ]
    )
)
records = measurements | measurements | waivers | others
happenings = st.builds(entry, records, actors, moments)
limits = st.builds(
    Limit,
    st.sampled_from(["auc", "prohibited_inputs"]),
    st.sampled_from(Comparison),
    st.sampled_from([0.0, 0.7, 0.75]),
    st.sampled_from(Meets),
    st.sampled_from([0, 100]),
)
selectors = st.sampled_from([None, None, Selector(domains=("insurance",)), Selector(third_party=True)])
controls = st.builds(
    replace, st.sampled_from([AUC, INPUTS]), limit=limits, waivable=st.booleans(), applies_to=selectors
) | st.sampled_from([AUC, INPUTS])
libraries = st.lists(controls, max_size=2, unique_by=lambda control: control.id).map(
    lambda found: replace(LIBRARY, controls=tuple(found))
) | st.just(LIBRARY)
requirements = st.builds(
    Requirement,
    st.sampled_from(["discrimination", "no-age", "unknown"]),
    st.none() | st.sampled_from([0.0, 0.65, 0.9]),
    st.sampled_from([{}, {}, {"columns": ["income"]}]),
    st.sampled_from(["held-out", "window"]),
    st.none() | st.sampled_from([0.0, 0.01, 1.5, 45.0]),
)
seats = st.builds(SignOff, st.sampled_from([Role.RISK_ANALYST, Role.VALIDATOR]), st.sampled_from([0, 1, 1, 2, 101]))
policies = st.builds(
    replace,
    st.just(POLICY),
    environment=st.sampled_from(["production", "production", "staging"]),
    applies_to=st.sampled_from([POLICY.applies_to, Selector(), Selector(tiers=("low",)), Selector(
        minimum_exposure=5.0, maximum_exposure=4.0, currency="EUR")]),
    requirements=st.lists(requirements, max_size=3).map(tuple) | st.just(POLICY.requirements),
    sign_offs=st.lists(seats, max_size=2).map(tuple) | st.just(POLICY.sign_offs),
    separation_of_duties=st.booleans(),
    parity=st.booleans(),
    originals=st.sampled_from(["allow", "allow", "refuse"]),
    maximum_evidence_age_days=st.sampled_from([30, 30, 1, 0, 40_000]),
    local_mode=st.booleans(),
    guards=st.sampled_from([(), ("schema",), ("answers",)]),
    monitors=st.sampled_from([(), (Monitoring("discrimination", 7.0),), (Monitoring("no-age", 0.0),)]),
    on_lapse=st.sampled_from([None, OnLapse(LapseAction.ALERT, 1.0), OnLapse(LapseAction.ALERT, -1.0)]),
    emergency=st.sampled_from([None, EmergencyTerms(24.0), EmergencyTerms(0.0), EmergencyTerms(24.0, ())]),
) | st.just(POLICY)  # fmt: skip


def signatures(drawn: st.DataObject, happened: Sequence[Entry], policy: Policy, library: Library) -> list[Entry]:
    """Return sign-offs of the version and of the policy, sound or not, by people drawn at random."""
    made = []
    for _ in range(drawn.draw(st.integers(0, 3))):
        by = drawn.draw(st.sampled_from([ANALYST, VALIDATOR, AUTHOR]))
        changes: dict[str, Any] = {
            "library": record_digest(library),
            "origin": drawn.draw(st.sampled_from(["", ORIGIN, ORIGIN, "elsewhere"])),
            "role": drawn.draw(st.sampled_from(["risk-analyst", "risk-analyst", "validator"])),
        }
        if drawn.draw(st.integers(0, 5)) == 0:
            changes |= drawn.draw(st.sampled_from(
                [{"library": ""}, {"evidence": ()}, {"evidence": (digest(b"unseen"),)},
                 {"question": replace(QUESTION, scope="shadow")}]))  # fmt: skip
        pen = drawn.draw(st.sampled_from(["", "", "", ANALYST]))
        about = [each for each in happened if each.kind != "evidence.recorded" or each.body["version"] == VERSION]
        made.append(approval(about, by=by, signed_with=pen, policy=policy, **changes))
    if drawn.draw(st.booleans()):
        by, proposer = (drawn.draw(st.sampled_from([ANALYST, VALIDATOR])) for _ in range(2))
        signed = PolicyApproval(record_digest(policy), policy.id, "", by, "risk-analyst", proposer, NOW, ORIGIN)
        name = drawn.draw(st.sampled_from([signed.policy, signed.policy, digest(b"other")]))
        sealed = seal(
            IN_TOTO, statement({"policy": signed.policy}, POLICY_APPROVAL, signed), [(key(by).key, key(by).sign)]
        )
        made.append(entry(SignedPolicy(policy.id, name, envelope_text(sealed)), by))
    return made


CALM = settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow])
SIGNED_ROOT = replace(ROOT, policy_sign_offs=(PolicySeat("risk-analyst"),))


@given(st.lists(happenings, max_size=8), policies, libraries, st.sampled_from([ROOT, ROOT, SIGNED_ROOT]), st.data())
@CALM
def test_on_any_history(
    happened: list[Entry], policy: Policy, library: Library, root: TrustRoot, data: st.DataObject
) -> None:
    agree(policy, library, QUESTION, [*happened, *signatures(data, happened, policy, library)], root)


SOUND = (
    entry(USE_CASE, "owner"),
    entry(Run("run-1", "loans", digest(b"training"), MANIFEST.recipe, {}, {})),
    entry(ModelVersion(VERSION, "loans", "loans", MANIFEST, "run-1", digest(b"training"))),
    entry(compilation()),
    entry(auc()),
    entry(inputs()),
)


@given(st.lists(happenings, max_size=3), st.sampled_from([ROOT, SIGNED_ROOT]), st.randoms(), st.data())
@CALM
def test_on_histories_that_nearly_allow(
    added: list[Entry], root: TrustRoot, order: random.Random, data: st.DataObject
) -> None:
    happened = [*SOUND, *added]
    entries = [*happened, *signatures(data, happened, POLICY, LIBRARY)]
    order.shuffle(entries)
    agree(POLICY, LIBRARY, QUESTION, entries, root)


@pytest.mark.parametrize("applies_to", [None, Selector(domains=("insurance",)), Selector(domains=("consumer-credit",))])
@pytest.mark.parametrize("waivable", [True, False])
def test_on_waivers_and_on_controls_that_are_not_for_the_use_case(
    applies_to: Selector | None, *, waivable: bool
) -> None:
    library = replace(LIBRARY, controls=(replace(AUC, applies_to=applies_to, waivable=waivable), INPUTS))
    found = set()
    for value, asked, granted, expires in itertools.product(
        (0.8, 0.5), ("owner", ANALYST, f"local:{AUTHOR}", ""), ACTORS, (NOW, NOW + TICK)
    ):
        given_ = entry(waiver("discrimination", asked, expires), granted)
        happened = [*(each for each in SOUND if each.body.get("check") != AUC.check), entry(auc(value)), given_]
        signed = approval(happened, library=record_digest(library))
        found.add(agree(POLICY, library, QUESTION, [*happened, signed], ROOT))
    assert "allow" in found


def test_every_verdict_is_reached() -> None:
    assert agree(POLICY, LIBRARY, QUESTION, [*SOUND, approval(SOUND)], ROOT) == "allow"
    assert agree(POLICY, LIBRARY, QUESTION, SOUND, ROOT) == "wait"
    assert agree(POLICY, LIBRARY, QUESTION, SOUND[:-1], ROOT) == "refuse"


def test_both_name_the_same_version_of_the_rules() -> None:
    assert gate.VERSION == RULES
