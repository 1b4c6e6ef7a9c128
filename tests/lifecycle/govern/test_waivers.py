from typing import Any

import pytest
from tests.adopting import adopt, unchanged
from tests.walk import Walked

from muster.records.policy import Requirement
from muster.records.purpose import UseCase
from muster.wiring import shipped


def asking(walked: Walked, **changed: Any) -> dict[str, Any]:
    usual = {
        "version": walked.version,
        "control": "discrimination",
        "reason": "a small sample",
        "compensating_control": "a person looks at every refusal",
        "days": 30,
    }
    return {**usual, **changed}


@pytest.fixture
def missed(walked: Walked) -> Walked:
    """A house whose version misses one control, and is signed off."""
    adopt(walked, requirements=(Requirement("no-prohibited-inputs-credit"), Requirement("discrimination", limit=0.99)))
    walked.sign("bob")
    assert walked.do("mia", "gate ask", version=walked.version).verdict == "refuse"
    return walked


def test_a_waiver_lets_one_control_pass_until_its_end(missed: Walked) -> None:
    requested = missed.do("omar", "waiver request", **asking(missed))
    assert missed.do("mia", "gate ask", version=missed.version).verdict == "refuse"
    granted = missed.do("ana", "waiver grant", waiver=requested.waiver)
    assert (granted.state, granted.requested_by, granted.granted_by) == ("in-force", "omar", "ana")
    asked = missed.do("mia", "gate ask", version=missed.version)
    assert asked.verdict == "allow"
    (waived,) = [reason for reason in asked.reasons if reason.finding == "waived"]
    assert "asked for by omar, granted by ana" in waived.explanation
    missed.clock.offset = granted.until - missed.clock()
    assert missed.do("mia", "gate ask", version=missed.version).verdict == "refuse"
    assert [line.state for line in missed.do("mia", "waiver list")] == ["lapsed"]


def test_the_gate_says_what_it_would_without_waivers(missed: Walked) -> None:
    requested = missed.do("omar", "waiver request", **asking(missed))
    granted = missed.do("ana", "waiver grant", waiver=requested.waiver[:20])
    page = missed.do("mia", "waiver show", waiver=granted.waiver)
    assert (page.finding, page.verdict, page.verdict_without) == ("waived", "allow", "refuse")


def test_a_withdrawn_waiver_counts_no_more(missed: Walked) -> None:
    requested = missed.do("omar", "waiver request", **asking(missed))
    granted = missed.do("ana", "waiver grant", waiver=requested.waiver)
    said = "omar asked for this waiver: they, or a risk analyst, withdraw it"
    unchanged(missed, PermissionError, said, "mia", "waiver withdraw", waiver=granted.waiver, reason="no")
    case = {**shipped.value(UseCase, "stories/consumer-credit.yaml"), "id": "other"}
    missed.do("mia", "use-case register", use_case=case)
    elsewhere = {"actor": "mia", "role": "risk-analyst", "use_cases": ["other"], "reason": "as agreed"}
    missed.do("ines", "role confirm", proposal=missed.do("admin", "role propose", **elsewhere).proposal)
    unchanged(missed, PermissionError, said, "mia", "waiver withdraw", waiver=granted.waiver, reason="no")
    assert missed.do("omar", "waiver withdraw", waiver=granted.waiver, reason="mended").state == "withdrawn"
    asked = missed.do("mia", "gate ask", version=missed.version)
    assert asked.verdict == "refuse"
    assert any("a waiver does not count: omar withdrew it" in reason.explanation for reason in asked.reasons)
    unchanged(missed, ValueError, "withdrawn already", "omar", "waiver withdraw", waiver=granted.waiver, reason="no")


def test_a_request_is_granted_once_and_until_its_end_only(missed: Walked) -> None:
    requested = missed.do("omar", "waiver request", **asking(missed))
    unchanged(missed, ValueError, "for fewer days", "ana", "waiver grant", waiver=requested.waiver, days=31)
    assert missed.do("ana", "waiver grant", waiver=requested.waiver, days=10).until < requested.until
    unchanged(missed, ValueError, "granted already", "bob", "waiver grant", waiver=requested.waiver)
    again = missed.do("omar", "waiver request", **asking(missed))
    missed.do("omar", "waiver withdraw", waiver=again.waiver, reason="not needed")
    unchanged(missed, ValueError, "withdrawn already", "bob", "waiver grant", waiver=again.waiver)


def test_nobody_grants_what_they_asked_for_or_made(missed: Walked) -> None:
    own = missed.do("ana", "waiver request", **asking(missed))
    said = "ana cannot grant a waiver to themself: a second person must"
    unchanged(missed, PermissionError, said, "ana", "waiver grant", waiver=own.waiver)
    unchanged(missed, PermissionError, "mia is an author of this version", "mia", "waiver request", **asking(missed))


def test_a_program_asks_for_no_waiver(walked: Walked) -> None:
    walked.add("nightly", "operator", responsible="omar")
    said = "nightly is a service account: a person asks"
    unchanged(walked, PermissionError, said, "nightly", "waiver request", **asking(walked))


def test_a_house_without_waivers_lists_none(walked: Walked) -> None:
    assert walked.do("mia", "waiver list") == ()
    with pytest.raises(LookupError, match="muster waiver list"):
        walked.do("mia", "waiver show", waiver="sha256:00")


@pytest.mark.parametrize(
    ("changed", "error", "said"),
    [
        ({"days": 0}, ValueError, "1 to 365 days, not 0"),
        ({"days": 366}, ValueError, "1 to 365 days, not 366"),
        ({"reason": " "}, ValueError, "give a reason"),
        ({"compensating_control": ""}, ValueError, "a compensating control"),
        ({"version": "sha256:00"}, LookupError, "muster model list"),
        ({"control": "impact-ratio-moon"}, LookupError, "does not demand control 'impact-ratio-moon'; it demands"),
        ({"control": "no-prohibited-inputs-credit"}, PermissionError, "is not waivable"),
        ({"environment": "moon"}, LookupError, "no adopted policy covers it"),
    ],
)
def test_a_waiver_that_would_not_count_is_not_asked_for(
    walked: Walked, changed: dict[str, Any], error: type[Exception], said: str
) -> None:
    unchanged(walked, error, said, "omar", "waiver request", **asking(walked, **changed))
