from datetime import timedelta
from typing import Any

import pytest
from tests.adopting import unchanged
from tests.lifecycle.govern.people import lend, let_in, sign, submit_loan
from tests.walk import USE_CASE, Walked

from muster.records.people import Role


@pytest.fixture
def lent(walked: Walked) -> Walked:
    """A house in which ana has lent her role to dave, and must be signed off again."""
    let_in(walked, "dave", Role.OWNER)
    walked.do("ana", "approval withdraw", version=walked.version, reason="on leave")
    lend(walked, "ana", "dave")
    return walked


def asking(**changed: Any) -> dict[str, Any]:
    return {"role": "risk-analyst", "to": "bob", "use_case": USE_CASE, "days": 7, **changed}


def test_a_delegate_signs_with_their_own_key_and_it_is_said_for_whom(lent: Walked) -> None:
    decision = sign(lent, "dave")
    assert decision.verdict == "allow"
    assert "signed by dave for ana (own key)" in [reason.explanation for reason in decision.reasons]
    line = lent.do("omar", "approval show", version=lent.version)[-1]
    assert (line.approver, line.lent_by, line.state) == ("dave", "ana", "counts")
    (loan,) = lent.do("omar", "delegation list")
    assert (loan.lent_by, loan.lent_to, loan.use_case, loan.state) == ("ana", "dave", USE_CASE, "in-force")


def test_the_text_to_sign_names_who_lent_the_role(lent: Walked) -> None:
    request = lent.do("dave", "approval request", version=lent.version, role="risk-analyst")
    assert "ana lent me the role until" in request.text


def test_an_expired_delegation_lets_nobody_sign(lent: Walked) -> None:
    lent.clock.offset = timedelta(days=7)
    asked = {"version": lent.version, "role": "risk-analyst"}
    said = "dave does not hold the role risk-analyst"
    unchanged(lent, PermissionError, said, "dave", "approval request", **asked)
    assert [line.state for line in lent.do("omar", "delegation list", use_case=USE_CASE)] == ["expired"]


def test_a_delegation_ends_when_one_of_the_two_says_so(lent: Walked) -> None:
    (loan,) = lent.do("omar", "delegation list")
    ending = {"delegation": loan.entry[:20], "reason": "back"}
    unchanged(lent, PermissionError, "ana lent the role to dave: one of them", "bob", "delegation end", **ending)
    unchanged(lent, ValueError, "say why", "ana", "delegation end", delegation=loan.entry, reason="")
    envelope = lent.signed("dave")
    lent.do("ana", "delegation end", **ending)
    unchanged(lent, ValueError, "ended already", "dave", "delegation end", **ending)
    said = "after the end of the role risk-analyst that ana lent"
    unchanged(lent, PermissionError, said, "dave", "approval submit", envelope=envelope)


def test_a_house_in_which_nobody_lent_anything_lists_nothing(walked: Walked) -> None:
    assert walked.do("omar", "delegation list") == ()


@pytest.mark.parametrize(
    ("changed", "error", "said"),
    [
        ({"to": "ana"}, ValueError, "cannot lend a role to themself"),
        ({"to": "ghost"}, LookupError, "no actor 'ghost' is known here"),
        ({"to": "omar"}, PermissionError, "the trust root gives 'omar' no key"),
        ({"role": "owner"}, PermissionError, "ana does not hold the role owner"),
        ({"days": 0}, ValueError, "1 to 90 days, not 0"),
        ({"days": 91}, ValueError, "1 to 90 days, not 91"),
        ({"use_case": "moon"}, LookupError, "no use-case 'moon' is known here"),
    ],
)
def test_what_could_not_be_used_is_not_lent(
    walked: Walked, changed: dict[str, Any], error: type[Exception], said: str
) -> None:
    unchanged(walked, error, said, "ana", "delegation request", **asking(**changed))


def test_a_role_is_lent_to_no_author_of_the_use_case_and_to_no_program(walked: Walked) -> None:
    walked.do("admin", "role propose", actor="mia", role="owner", reason="busy")
    walked.do("ines", "role confirm", proposal="mia:owner:1")
    walked.enrol("mia")
    said = "mia is an author of models of consumer-credit: nobody is lent a role to sign their own work"
    unchanged(walked, PermissionError, said, "ana", "delegation request", **asking(to="mia"))
    walked.add("nightly", "operator", responsible="ana")
    unchanged(walked, PermissionError, "is a service account", "ana", "delegation request", **asking(to="nightly"))


def test_nobody_lends_the_role_of_another_nor_signs_for_them(walked: Walked) -> None:
    request = walked.do("ana", "delegation request", **asking())
    with pytest.raises(PermissionError, match="0 of 1 trusted keys|0 of the 1 trusted keys"):
        submit_loan(walked, "bob", request)
    assert walked.alerts()[-1] == "delegation-forged"
    assert walked.do("omar", "delegation list") == ()


def test_a_borrowed_role_is_not_lent_on(lent: Walked) -> None:
    said = "dave does not hold the role risk-analyst"
    unchanged(lent, PermissionError, said, "dave", "delegation request", **asking(to="bob"))


@pytest.mark.parametrize("how", ["actor remove", "role withdraw"])
def test_whoever_holds_a_role_no_more_lends_it_no_more(lent: Walked, how: str) -> None:
    envelope = lent.signed("dave")
    asked = {"id": "ana"} if how == "actor remove" else {"actor": "ana", "role": "risk-analyst"}
    lent.do("admin", how, reason="she left", **asked)
    said = "the role risk-analyst that ana lent counts no more: ana (was removed|does not hold the role)"
    unchanged(lent, PermissionError, said, "dave", "approval submit", envelope=envelope)
    asked = {"version": lent.version, "role": "risk-analyst"}
    unchanged(lent, PermissionError, "dave does not hold the role", "dave", "approval request", **asked)
