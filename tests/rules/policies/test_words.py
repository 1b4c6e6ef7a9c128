from __future__ import annotations

from dataclasses import replace

from tests.rules.scene import LIBRARY, POLICY

from muster.records.governance.serving import ServingTerms
from muster.records.governance.terms import (
    EmergencyTerms,
    FindingSeverity,
    LapseAction,
    Monitoring,
    OnLapse,
    Selector,
)
from muster.records.policy import Policy, Requirement
from muster.rules.policies.words import in_words


def words(policy: Policy) -> dict[str, str]:
    return dict(in_words(policy, LIBRARY))


def test_a_policy_is_said_field_by_field() -> None:
    said = words(POLICY)
    assert said["requirements[0]"] == (
        "It tells good from bad. (discrimination: auc at least 0.7, whole 95 % interval)"
    )
    assert said["applies_to.domains"] == "  domain consumer-credit"
    assert said["sign_offs[0]"] == "1 risk-analyst must sign it off."
    assert said["on_lapse"] == "When a release lapses, it is no longer served, at once."
    assert said["guards"] == "Before every answer stand the guards prohibited, schema, envelope, plausible, consistent."


def test_every_term_is_said() -> None:
    selector = Selector(
        consequential=True,
        third_party=False,
        minimum_people_per_year=5,
        maximum_people_per_year=9,
        currency="EUR",
        minimum_exposure=1.0,
        maximum_exposure=2.0,
    )
    said = words(
        replace(
            POLICY,
            applies_to=selector,
            requirements=(Requirement("no-such", limit=0.5, maximum_age_days=1, sample_role="canary"),),
            monitors=(Monitoring("discrimination", 7.0, 0.6),),
            separation_of_duties=False,
            local_mode=False,
            originals="refuse",
            blocking_findings=(FindingSeverity.HIGH,),
            emergency=EmergencyTerms(72.0),
            on_lapse=OnLapse(LapseAction.ALERT, 4.0),
            serving=ServingTerms(callers_choose=True),
        )
    )
    assert said["serving.callers_choose"].startswith("Callers may name the version that answers")
    assert said["requirements[0]"] == "no-such, limit 0.5, measured within a day [canary]"
    assert said["monitors[0]"].startswith(
        "In production, every 7 days: It tells good from bad. (discrimination: auc at"
    )
    assert said["separation_of_duties"] == "Authors may sign off their own models."
    assert "severity high" in said["blocking_findings"]
    assert "within 72 hours" in said["emergency"]
    assert said["on_lapse"].endswith("after 4 hours of grace.")
    bounds = {"minimum_people_per_year", "maximum_people_per_year", "minimum_exposure", "maximum_exposure"}
    facts = {path.removeprefix("applies_to.") for path in said if path.startswith("applies_to.")}
    assert facts == bounds | {"consequential", "third_party"}
    assert "local_mode" in said
    assert said["originals"].startswith("It must be a compiled form")


def test_a_policy_for_all_says_so() -> None:
    assert ("applies_to", "  all of them") in list(in_words(replace(POLICY, applies_to=Selector())))
