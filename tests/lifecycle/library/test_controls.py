import pytest
from tests.lifecycle.library.scene import ahead
from tests.walk import Walked

from muster.rules.gate.dates import day


def test_controls_are_listed_by_family_and_regime_with_what_nothing_answers(walked: Walked) -> None:
    _, far = ahead(walked)
    lines = {line.id: line for line in walked.do("mia", "control list")}
    assert lines["impact-ratio-sex"].family == "fairness"
    assert "AIA" in lines["impact-ratio-sex"].regimes
    assert (lines["GOV-01"].answered_by, lines["GOV-01"].state) == ("gate", "in force")
    assert (lines["GOV-04"].answered_by, lines["GOV-04"].state) == ("nothing", "not covered")
    assert lines["representative-place-eu"].state == f"in force from {day(far)}"
    hiring = walked.do("mia", "control list", regime="NYC-LL144")
    assert {line.id for line in hiring} == {"local-law-144"}
    assert {line.family for line in walked.do("mia", "control list", family="data")} == {"data"}


def test_a_control_is_in_force_on_its_day(walked: Walked) -> None:
    _, far = ahead(walked)
    lines = {line.id: line for line in walked.do("mia", "control list", as_of=far)}
    assert lines["representative-place-eu"].state == "in force"


def test_a_control_is_explained_with_its_clauses_and_who_demands_it_here(walked: Walked) -> None:
    _, far = ahead(walked)
    page = walked.do("mia", "control explain", id="impact-ratio-sex")
    assert page.measured_by == "check fairness.impact_ratio with attribute SEX"
    assert page.demanded_by == (
        "consumer-credit, production, on held-out: impact_ratio at least 0.7, whole 95 % interval, each n at least 30",
        "consumer-credit, production, on window: impact_ratio at least 0.7, whole 95 % interval, each n at least 30",
    )
    assert page.objective.startswith("FAIR-01: ")
    standing = {clause.id: clause.standing for clause in page.clauses}
    assert standing["AIA 10(2)(f)"] == f"from {day(far)}"
    later = walked.do("mia", "control explain", id="impact-ratio-sex", as_of=far)
    assert {clause.id: clause.standing for clause in later.clauses}["AIA 10(2)(f)"] == f"in force since {day(far)}"
    assert "not legal advice" in page.notice
    assert page.confidence == "unverified"


def test_an_objective_is_explained_by_what_answers_it_or_by_its_gap(walked: Walked) -> None:
    gate = walked.do("mia", "control explain", id="GOV-01")
    assert gate.measured_by == "answered by gate"
    assert gate.evidence == "the records must show: duties-separated"
    measured = walked.do("mia", "control explain", id="EXPL-02")
    assert measured.measured_by == "controls reasons-stable"
    bare = walked.do("mia", "control explain", id="SEC-03")
    assert (bare.state, bare.measured_by) == ("not covered", "nothing")
    assert bare.not_covered[0].startswith("Not covered: ")


@pytest.mark.parametrize(
    ("action", "asked", "says"),
    [
        ("control explain", {"id": "none"}, "has no control 'none'"),
        ("control list", {"regime": "NONE"}, "no regime is called 'NONE'; there are AI-600-1"),
        ("control list", {"family": "none"}, "no family is called 'none'"),
        ("control list", {"library": "none"}, "no library 'none' was adopted; there are muster"),
    ],
)
def test_what_is_not_known_is_told_with_what_is(walked: Walked, action: str, asked: dict[str, str], says: str) -> None:
    with pytest.raises(LookupError, match=says):
        walked.do("mia", action, **asked)
