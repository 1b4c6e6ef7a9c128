from datetime import timedelta

import pytest
from tests.adopting import unchanged
from tests.lifecycle.govern.people import lend, let_in, sign
from tests.lifecycle.racing import racing
from tests.walk import Walked

from muster.lifecycle.desk.perform import perform
from muster.records.people import Role


def verdict(walked: Walked) -> str:
    return str(walked.do("mia", "gate ask", version=walked.version).verdict)


def test_a_sign_off_is_taken_back_and_its_release_lapses(walked: Walked) -> None:
    back = walked.do("ana", "approval withdraw", version=walked.version, reason="the figures were wrong")
    assert (back.decision.verdict, back.releases) == ("wait", (walked.package,))
    (release,) = walked.do("omar", "release list")
    assert release.state == "lapsed"
    assert any("ana withdrew the sign-off" in reason for reason in release.reasons)
    unchanged(walked, LookupError, "signed nothing", "ana", "approval withdraw", version=walked.version, reason="again")
    assert sign(walked, "ana").verdict == "allow", "who took it back may sign again"


def test_nobody_takes_back_what_another_signed(walked: Walked) -> None:
    unchanged(
        walked, LookupError, "bob has signed nothing", "bob", "approval withdraw", version=walked.version, reason="x"
    )
    unchanged(walked, ValueError, "say why", "ana", "approval withdraw", version=walked.version, reason=" ")
    walked.add("nightly", "operator", responsible="ana")
    said = "needs the role"
    unchanged(walked, PermissionError, said, "nightly", "approval withdraw", version=walked.version, reason="x")


def test_a_rejection_stands_until_it_is_taken_back(walked: Walked) -> None:
    assert sign(walked, "bob", answer="reject", comment="the young pay").verdict == "refuse"
    assert sign(walked, "ana").verdict == "refuse", "another's approval does not lift it"
    assert walked.do("bob", "approval withdraw", version=walked.version, reason="mended").decision.verdict == "allow"
    words = [line.words for line in walked.do("ana", "approval list", version=walked.version)]
    assert words == ["", "the young pay", ""]


def test_who_rejected_may_approve_after_all(walked: Walked) -> None:
    assert sign(walked, "bob", answer="reject").verdict == "refuse"
    assert sign(walked, "bob").verdict == "allow"


def test_who_lent_a_role_takes_back_what_was_signed_in_it(walked: Walked) -> None:
    let_in(walked, "dave", Role.OWNER)
    walked.do("ana", "approval withdraw", version=walked.version, reason="on leave")
    lend(walked, "ana", "dave")
    assert sign(walked, "dave").verdict == "allow"
    assert walked.do("ana", "approval withdraw", version=walked.version, reason="no").decision.verdict == "wait"


def test_conditions_are_met_by_whoever_set_them_or_end_the_sign_off(walked: Walked) -> None:
    due = (walked.clock() + timedelta(days=2)).date()
    conditions = [f"{due} omar: refresh the data", f"{due} mia: write it up"]
    assert sign(walked, "ana", conditions=conditions).verdict == "allow"
    about = {"version": walked.version, "how": "seen"}
    unchanged(
        walked, PermissionError, "bob signed on no condition here; ana did", "bob", "condition met", **about, number=1
    )
    unchanged(walked, LookupError, "condition 3 is not open", "ana", "condition met", **about, number=3)
    unchanged(walked, ValueError, "say how you know", "ana", "condition met", version=walked.version, number=1, how="")
    walked.do("ana", "condition met", **about, number=1)
    unchanged(walked, LookupError, "condition 1 is not open", "ana", "condition met", **about, number=1)
    line = walked.do("ana", "approval show", version=walked.version)[-1]
    assert line.conditions == (f"mia, by {due}: write it up",)
    walked.clock.offset = timedelta(days=4)
    lines = walked.do("ana", "approval show", version=walked.version)
    assert lines[-1].state.startswith("ana signed on condition that mia sees to: write it up; it was due")


@pytest.mark.parametrize("signed", [True, False])
def test_a_withdrawal_and_a_release_that_meet_end_in_one_order_or_the_other(walked: Walked, signed: bool) -> None:
    """Whichever comes second decides on what the first has left."""
    sign_it = {"version": walked.version}
    take_back = {"version": walked.version, "reason": "wrong"}
    before = len(walked.do("omar", "release list"))
    if signed:  # the withdrawal has read the ledger, and a release comes between
        other = racing(walked, "ana", lambda: walked.do("mia", "release sign", **sign_it))
        back = perform("approval withdraw", other, take_back)
        assert len(back.releases) == before + 1
    else:  # the release has read the ledger, and a withdrawal comes between
        other = racing(walked, "mia", lambda: walked.do("ana", "approval withdraw", **take_back))
        with pytest.raises(PermissionError, match="ana withdrew the sign-off"):
            perform("release sign", other, sign_it)
    assert verdict(walked) == "wait"
    found = walked.do("omar", "release list")
    assert len(found) == before + signed
    assert {release.state for release in found} == {"lapsed"}
