"""Questionnaires through the doors: adopted, answered by whom they are for, asked for by a policy, and out of date."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.adopting import adopt, unchanged
from tests.walk import Walked, policy

from muster.records.codec import encode
from muster.records.evidence import ATTESTED, Evidence
from muster.records.governance.reviews import Answers, Questionnaire
from muster.records.policy import Comparison, Control, Library, Limit, Meets, Requirement
from muster.records.purpose import UseCase
from muster.wiring import shipped

READY = {
    "on-call": True,
    "trained": "yes",
    "fallback": "person",
    "alerts": True,
    "load": 40,
    "told": True,
    "again": True,
    "notes": "Mr Smith is on call.",
}
VALID = {
    "purpose": True, "materiality": "high", "data": True, "method": True, "limits": "New clients.", "repeated": True,
    "outcomes": True, "challenge": "Other samples; nothing.", "watched": True, "documented": True, "findings-open": 0,
    "vendor": "none", "opinion": "fit", "why": "It holds.",
}  # fmt: skip


def control(name: str) -> Control:
    limit = Limit("blocking_answers", Comparison.AT_MOST, 0, Meets.POINT)
    return Control(name, f"The {name} speaks for it.", f"{ATTESTED}.{name}", {}, limit)


@pytest.fixture
def asked(walked: Walked) -> Walked:
    """The walk under a policy that asks for two questionnaires, which were adopted."""
    for name in ("go-live-checklist", "independent-validation"):
        walked.do(
            "ana", "questionnaire adopt", questionnaire=shipped.value(Questionnaire, f"questionnaires/{name}.yaml")
        )
    library = encode(walked.context().latest(Library, "library:muster"))
    more = [encode(control(name)) for name in ("go-live-checklist", "independent-validation")]
    walked.do("ana", "library adopt", library={**library, "controls": [*library["controls"], *more]})
    wanted = [Requirement(name, sample_role=ATTESTED) for name in ("go-live-checklist", "independent-validation")]
    adopt(walked, requirements=(*policy().requirements, *wanted))
    walked.add("vera", "validator")
    return walked


def answered(walked: Walked, actor: str = "omar", name: str = "go-live-checklist", **changed: Any) -> Any:
    given = {**(READY if name == "go-live-checklist" else VALID), **changed}
    return walked.do(actor, "questionnaire answer", questionnaire=name, version=walked.version[:20], answers=given)


def demand(walked: Walked, name: str = "go-live-checklist") -> Any:
    decision = walked.do("mia", "gate ask", version=walked.version)
    return next(reason for reason in decision.reasons if reason.demand == name)


def test_what_people_answer_is_evidence_that_a_policy_asks_for(asked: Walked) -> None:
    assert demand(asked).finding == "missing"
    assert "muster questionnaire answer go-live-checklist VERSION FILE" in demand(asked).explanation
    with pytest.raises(PermissionError, match="go-live-checklist .missing"):
        asked.do("mia", "release sign", version=asked.version)
    line = answered(asked)
    assert (line.author, line.state, line.blocking_answers) == ("omar", "good", ())
    until = f"{asked.clock() + timedelta(days=30):%Y-%m-%d}"
    assert demand(asked).finding == "met"
    assert demand(asked).explanation.endswith(f"attested by omar, good until {until}")


def test_it_is_released_and_served_on_what_was_attested(asked: Walked) -> None:
    answered(asked)
    answered(asked, "vera", "independent-validation")
    asked.sign("bob")
    asked.do("mia", "release sign", version=asked.version)
    asked.do("omar", "deployment set", name="credit", version=asked.version)
    assert asked.gateway().refresh().serving(asked.clock()) == ("credit",)


def test_an_answer_that_blocks_is_named(asked: Walked) -> None:
    assert answered(asked, fallback="none", told=False).blocking_answers == ("fallback", "told")
    assert demand(asked).finding == "not-met"
    assert "(fallback, told)" in demand(asked).explanation
    answered(asked)
    assert demand(asked).finding == "met", "newer answers take the place of older ones"
    states = [line.state for line in asked.do("omar", "questionnaire answers", version=asked.version)]
    assert states == ["replaced", "good"]


def test_it_is_stale_from_the_moment_that_it_says(asked: Walked) -> None:
    until = answered(asked).valid_until
    asked.clock.offset += until - asked.clock() - timedelta(seconds=20)
    assert demand(asked).finding == "met"
    asked.clock.offset += timedelta(seconds=21)
    assert demand(asked).finding == "stale"
    assert "what omar attested on" in demand(asked).explanation
    assert asked.do("omar", "questionnaire answers", version=asked.version)[0].state == "expired"


def test_it_may_hold_longer_than_measurements_unless_the_policy_wants_it_younger(asked: Walked) -> None:
    answered(asked, "vera", "independent-validation")
    asked.clock.offset += timedelta(days=100)
    assert demand(asked, "discrimination").finding == "stale"
    assert demand(asked, "independent-validation").finding == "met"
    younger = Requirement("independent-validation", sample_role=ATTESTED, maximum_age_days=90)
    adopt(asked, requirements=(*policy().requirements, younger))
    assert demand(asked, "independent-validation").finding == "stale"


def test_validation_is_by_somebody_who_had_no_hand_in_it(asked: Walked) -> None:
    proposal = asked.do("admin", "role propose", actor="mia", role="validator", reason="both").proposal
    asked.do("ines", "role confirm", proposal=proposal)
    with pytest.raises(PermissionError, match="mia is an author of version"):
        answered(asked, "mia", "independent-validation")
    given = answered(asked, "vera", "independent-validation")
    evidence = asked.context().history(Evidence)[-1][1]
    asked.context("mia").record(evidence)
    assert given.state == "good"
    found = demand(asked, "independent-validation")
    assert (found.finding, "mia attested it, who is an author" in found.explanation) == ("not-measured", True)


def test_whom_it_is_not_for_does_not_answer_it(asked: Walked) -> None:
    with pytest.raises(PermissionError, match="go-live-checklist is for a operator or owner to answer; bob holds"):
        answered(asked, "bob")
    asked.do("admin", "actor add", id="robot", roles=["operator"], responsible="omar")
    with pytest.raises(PermissionError, match="robot is a service account: a person answers"):
        answered(asked, "robot")
    assert not asked.context().history(Answers)


def test_a_role_that_counts_elsewhere_does_not_answer_though_another_counts_here(asked: Walked) -> None:
    asked.add("paula", "ml-engineer")
    case = {**shipped.value(UseCase, "stories/consumer-credit.yaml"), "id": "other"}
    asked.do("mia", "use-case register", use_case=case)
    made = asked.do("admin", "role propose", actor="paula", role="validator", reason="as agreed", use_cases=["other"])
    asked.do("ines", "role confirm", proposal=made.proposal)
    with pytest.raises(PermissionError, match="the role validator of paula counts in use case other only"):
        answered(asked, "paula", "independent-validation")
    assert not asked.context().history(Answers)


def test_what_does_not_fit_changes_nothing(asked: Walked) -> None:
    given = {"questionnaire": "go-live-checklist", "version": asked.version}
    unchanged(asked, ValueError, "on-call is not answered", "omar", "questionnaire answer", **given, answers={})
    unchanged(
        asked, LookupError, "no questionnaire 'nothing'", "omar", "questionnaire answer",
        **{**given, "questionnaire": "nothing"}, answers={},
    )  # fmt: skip
    broken = {**shipped.value(Questionnaire, "questionnaires/go-live-checklist.yaml"), "life_days": 0}
    unchanged(asked, ValueError, "life_days", "ana", "questionnaire adopt", questionnaire=broken)


def test_words_are_sealed_and_can_be_erased_and_the_answers_stay(asked: Walked) -> None:
    answered(asked)
    assert b"Smith" not in b"".join(recorded.raw for recorded in asked.house.ledger.read())
    assert asked.do("omar", "questionnaire answers", version=asked.version)[0].answers["notes"] == READY["notes"]
    asked.do("admin", "personal-data erase", data_subject="actor:omar", reason="asked for")
    assert asked.do("omar", "questionnaire answers", version=asked.version)[0].answers["notes"] == "(erased)"
    assert demand(asked).finding == "met"


def test_they_are_listed_shown_and_given_as_a_form_to_fill_in(asked: Walked) -> None:
    lines = {line.id: line for line in asked.do("omar", "questionnaire list")}
    assert lines["independent-validation"].check == "attested.independent-validation"
    assert lines["independent-validation"].independent
    shown = asked.do("omar", "questionnaire show", questionnaire="go-live-checklist")
    assert shown.sections[0].title == "People"
    form = asked.do("omar", "questionnaire form", questionnaire="go-live-checklist").content.decode()
    assert "# What decides when the model cannot? (person or earlier-version or none)\nfallback:\n" in form
    from muster.adapters.yamlfiles.document import read_document

    assert set(read_document(form, "form.yaml", "answers").value) == set(READY)
