from datetime import timedelta

from tests.adopting import adopt, unchanged
from tests.lifecycle.govern.people import lend, let_in, sign
from tests.walk import USE_CASE, Walked

from muster.records.people import Role
from muster.records.policy import SignOff


def wanted(walked: Walked, roles: int = 1) -> None:
    """Adopt a policy anew, so that it must be signed off again, and ask for that."""
    adopt(walked, statement="Newer.", sign_offs=(SignOff(Role.RISK_ANALYST, roles),))
    walked.do("mia", "approval ask", version=walked.version, role="risk-analyst")


def test_nothing_waits_before_anybody_asks(walked: Walked) -> None:
    adopt(walked, statement="Newer.")
    assert walked.do("ana", "approval inbox") == ()


def test_what_waits_for_a_role_is_shown_with_what_the_gate_found(walked: Walked) -> None:
    wanted(walked)
    (line,) = walked.do("bob", "approval inbox")
    assert (line.version, line.use_case, line.role, line.asked_by) == (walked.version, USE_CASE, "risk-analyst", "mia")
    assert (line.verdict, line.open_demands) == ("wait", ("sign-off:risk-analyst",))
    assert (line.may_sign, line.why_not, line.late) == (True, "", False)
    assert walked.do("omar", "approval inbox") == (), "it is not his role"
    assert walked.do("bob", "approval inbox", role="validator") == ()
    sign(walked, "bob")
    assert walked.do("ana", "approval inbox") == ()


def test_a_wish_that_is_over_approves_nothing(walked: Walked) -> None:
    wanted(walked)
    walked.clock.offset = timedelta(days=8)
    (line,) = walked.do("bob", "approval inbox")
    assert line.late
    decision = walked.do("mia", "gate ask", version=walked.version)
    assert decision.verdict != "allow"
    assert "1 sign-off of a risk-analyst is missing" in decision.reasons[-1].explanation


def test_it_is_said_why_somebody_may_not_sign(walked: Walked) -> None:
    wanted(walked, 2)
    walked.do("admin", "role propose", actor="mia", role="risk-analyst", reason="busy")
    walked.do("ines", "role confirm", proposal="mia:risk-analyst:1")
    let_in(walked, "eve", Role.RISK_ANALYST, key=False)
    sign(walked, "ana")
    why = {who: [line.why_not for line in walked.do(who, "approval inbox")] for who in ("ana", "bob", "mia", "eve")}
    assert why == {
        "ana": ["you have signed; another person must"],
        "bob": [""],
        "mia": ["mia is an author of this version: somebody else must"],
        "eve": ["you have no key yet: muster key new, muster key offer"],
    }


def test_who_was_lent_the_role_is_asked_too(walked: Walked) -> None:
    wanted(walked)
    let_in(walked, "dave", Role.OWNER)
    assert walked.do("dave", "approval inbox") == ()
    lend(walked, "ana", "dave")
    (line,) = walked.do("dave", "approval inbox")
    assert line.may_sign


def test_one_person_may_be_asked(walked: Walked) -> None:
    adopt(walked, statement="Newer.")
    walked.do("mia", "approval ask", version=walked.version, role="risk-analyst", of="bob")
    assert [line.asked_of for line in walked.do("bob", "approval inbox")] == ["bob"]
    assert walked.do("ana", "approval inbox") == ()


def test_what_makes_no_sense_is_not_asked_for(walked: Walked) -> None:
    about = {"version": walked.version, "role": "risk-analyst"}
    said = "asks for no sign-off of a validator; it asks risk-analyst"
    unchanged(walked, ValueError, said, "mia", "approval ask", **{**about, "role": "validator"})
    unchanged(walked, ValueError, "within 1 to 365 days", "mia", "approval ask", **about, days=0)
    unchanged(walked, LookupError, "no actor 'ghost'", "mia", "approval ask", **about, of="ghost")
    walked.add("nightly", "operator", responsible="ana")
    unchanged(walked, ValueError, "is a service account", "mia", "approval ask", **about, of="nightly")


def test_all_sign_offs_of_a_version_are_listed_as_they_stand(walked: Walked) -> None:
    (line,) = walked.do("omar", "approval show", version=walked.version)
    assert (line.approver, line.answer, line.signed_with, line.state) == ("ana", "approved", "own key", "counts")
    sign(walked, "bob", answer="reject")
    walked.do("ana", "approval withdraw", version=walked.version, reason="looked again")
    lines = walked.do("omar", "approval show", version=walked.version)
    assert [(line.approver, line.answer, line.state) for line in lines] == [
        ("ana", "approved", "ana withdrew the sign-off"),
        ("bob", "rejected", "stands"),
    ]
