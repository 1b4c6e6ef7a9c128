"""Attempts to get past what governs models, at the command line and over HTTP: the same words, a record, no effect."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.adopting import adopt
from tests.lifecycle.govern.people import let_in, sign
from tests.lifecycle.review.test_questionnaires import VALID
from tests.stories.lapses.scene import served
from tests.stories.test_doors import Doors
from tests.walk import USE_CASE, Walked

from muster.api.app import create_app
from muster.records.codec import stamp
from muster.records.governance.reviews import Questionnaire
from muster.records.governance.terms import EmergencyTerms, FindingSeverity
from muster.records.people import Role
from muster.records.policy import Requirement, SignOff
from muster.wiring import shipped


@dataclass(frozen=True)
class Attempt:
    """What somebody asks for, and what they are told."""

    actor: str
    action: str
    arguments: dict[str, Any]
    said: str
    words: tuple[str, ...] = ()
    """As it is typed; nothing said: every argument as an option."""

    @property
    def typed(self) -> list[str]:
        options = [f"--{name.replace('_', '-')}={value}" for name, value in self.arguments.items()]
        return [*self.action.split(), *(self.words or options)]


@pytest.fixture
def doors(walked: Walked) -> Iterator[Doors]:
    with TestClient(create_app(walked.open())) as client:
        yield Doors(walked, client)  # type: ignore[arg-type]


def releasing(walked: Walked, said: str, *more: str, **asked: Any) -> Attempt:
    return Attempt("mia", "release sign", {"version": walked.version, **asked}, said, (walked.version, *more))


def sign_off_taken_back(walked: Walked) -> Attempt:
    walked.do("ana", "approval withdraw", version=walked.version, reason="I was wrong")
    return releasing(walked, "ana withdrew the sign-off")


def sign_off_rejected(walked: Walked) -> Attempt:
    sign(walked, "bob", answer="reject")
    return releasing(walked, "rejected by bob on")


def two_roles_of_one_person(walked: Walked) -> Attempt:
    let_in(walked, "eve", Role.RISK_ANALYST, Role.VALIDATOR)
    adopt(walked, statement="Newer.", sign_offs=(SignOff(Role.RISK_ANALYST), SignOff(Role.VALIDATOR)))
    sign(walked, "eve")
    sign(walked, "eve", role="validator")
    return releasing(walked, "1 sign-off of a")


def evidence_that_expired(walked: Walked) -> Attempt:
    adopt(walked, maximum_evidence_age_days=1e-6)
    return releasing(walked, "older than the 1e-06 days that the policy allows")


def policy_changed_under_a_sign_off(walked: Walked) -> Attempt:
    adopt(walked, statement="Milder.", requirements=(Requirement("no-prohibited-inputs-credit"),))
    return releasing(walked, "ana signed under another version of the policy")


def open_finding(walked: Walked) -> Attempt:
    adopt(walked, blocking_findings=(FindingSeverity.CRITICAL,))
    walked.sign("bob")
    due = walked.clock() + timedelta(days=9)
    asked = {"severity": "critical", "title": "It reads age", "owner": "omar", "due": stamp(due)}
    walked.do("ana", "finding open", version=walked.version, **asked)
    return releasing(walked, r"F-1 \(critical, omar by .*It reads age")


def finding_closed_by_its_owner(walked: Walked) -> Attempt:
    let_in(walked, "vic", Role.VALIDATOR, key=False)
    due = walked.clock() + timedelta(days=9)
    asked = {"severity": "high", "title": "It reads age", "owner": "vic", "due": stamp(due)}
    walked.do("ana", "finding open", version=walked.version, **asked)
    closing = {"finding": "F-1", "words": "looked at"}
    return Attempt("vic", "finding close", closing, "vic owns the work and may not close it", ("F-1", "looked at"))


def emergency_that_nobody_signed_for(walked: Walked) -> Attempt:
    adopt(walked, emergency=EmergencyTerms(72))
    words = ("--emergency", "--reason", "now")
    return releasing(walked, "sign-off of a risk-analyst is missing", *words, emergency=True, reason="now")


def emergency_where_the_policy_knows_none(walked: Walked) -> Attempt:
    let_in(walked, "eve", Role.EXECUTIVE)
    adopt(walked, statement="Newer.")
    asked = {"version": walked.version, "role": "executive", "reason": "now"}
    words = (walked.version, "executive", "now")
    return Attempt("eve", "emergency request", asked, "knows no emergency releases", words)


def waiver_granted_by_who_asked(walked: Walked) -> Attempt:
    asked = {"control": "discrimination", "reason": "now", "compensating_control": "people look", "days": 9}
    line = walked.do("ana", "waiver request", version=walked.version, **asked)
    return Attempt("ana", "waiver grant", {"waiver": line.waiver}, "cannot grant a waiver to themself", (line.waiver,))


def waiver_asked_for_by_the_author(walked: Walked) -> Attempt:
    given = ("discrimination", "now", "people look")
    asked: dict[str, Any] = dict(zip(("control", "reason", "compensating_control"), given, strict=True))
    words = (walked.version, *given, "9")
    asked = {"version": walked.version, **asked, "days": 9}
    return Attempt("mia", "waiver request", asked, "mia is an author of this version", words)


def words_under_a_legal_hold(walked: Walked) -> Attempt:
    sign(walked, "ana", comment="I know the applicant")
    walked.do("ana", "hold set", use_case=USE_CASE, reason="a court asks")
    asked = {"data_subject": "actor:ana", "reason": "she asks"}
    return Attempt("admin", "personal-data erase", asked, "legal hold H-1 keeps", ("actor:ana", "she asks"))


def validation_by_the_author(walked: Walked) -> Attempt:
    walked.do("admin", "role propose", actor="mia", role="validator", reason="busy")
    walked.do("ines", "role confirm", proposal="mia:validator:1")
    name = "independent-validation"
    template = shipped.value(Questionnaire, f"questionnaires/{name}.yaml")
    walked.do("ana", "questionnaire adopt", questionnaire=template)
    filled = walked.home / "answers.yaml"
    filled.write_text(json.dumps(VALID))
    asked = {"questionnaire": name, "version": walked.version, "answers": VALID}
    said = "mia is an author of version .* independent-validation is for somebody else"
    return Attempt("mia", "questionnaire answer", asked, said, (name, walked.version, str(filled)))


def deployment_of_what_lapsed(walked: Walked) -> Attempt:
    walked.do("ana", "approval withdraw", version=walked.version, reason="I was wrong")
    asked = {"name": "credit", "version": walked.version}
    return Attempt("omar", "deployment set", asked, "is lapsed: sign-off", ("credit", walked.version))


STORIES = (
    sign_off_taken_back,
    sign_off_rejected,
    two_roles_of_one_person,
    evidence_that_expired,
    policy_changed_under_a_sign_off,
    open_finding,
    finding_closed_by_its_owner,
    emergency_that_nobody_signed_for,
    emergency_where_the_policy_knows_none,
    waiver_granted_by_who_asked,
    waiver_asked_for_by_the_author,
    words_under_a_legal_hold,
    validation_by_the_author,
    deployment_of_what_lapsed,
)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_what_governs_models_refuses_alike_at_the_doors_and_at_gateways(
    story: Callable[[Walked], Attempt], walked: Walked, doors: Doors, capsys: pytest.CaptureFixture[str]
) -> None:
    attempt = story(walked)
    gateway = walked.gateway()
    before, answered = walked.house.ledger.refresh(), served(gateway, walked)

    status, body = doors.http(attempt.actor, attempt.action, attempt.arguments)
    code, _, said = doors.cli(capsys, attempt.actor, *attempt.typed)

    assert (status, code) == (403, 1), (body, said)
    assert said == f"refused: {body['error']}\n"
    with pytest.raises(PermissionError, match=attempt.said):
        raise PermissionError(body["error"])
    walked.house.ledger.refresh()
    kinds = [each.entry.kind for each in walked.house.ledger.read(start=before)]
    assert kinds == ["action.refused"] * 2, "written down at both, and nothing else"
    assert walked.refusals()[-2:] == [body["error"]] * 2
    assert served(gateway, walked) == answered
