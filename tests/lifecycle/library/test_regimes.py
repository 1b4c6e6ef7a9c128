import pytest
from tests.lifecycle.library.scene import ahead
from tests.walk import USE_CASE, Walked

from muster.rules.coverage.report import Covered
from muster.rules.gate.dates import day


def test_regimes_are_listed_with_how_they_stand_and_how_much_could_be_answered(walked: Walked) -> None:
    _, far = ahead(walked)
    lines = {line.id: line for line in walked.do("mia", "regime list")}
    assert lines["AIA"].standing == f"from {day(far)}"
    assert 0 < lines["AIA"].answered < lines["AIA"].clauses
    assert lines["SR-11-7"].standing == "ended on 17 Apr 2026"
    before = {line.id: line for line in walked.do("mia", "regime list", as_of="2026-04-16")}
    assert before["SR-11-7"].standing == "in force"


def test_coverage_of_a_version_tells_what_is_met_and_what_nothing_answers(walked: Walked) -> None:
    found = walked.do("mia", "coverage show", regime="REG-B", version=walked.version[:16])
    lines = {line.clause: line for line in found.lines}
    met = lines["REG-B 1002.6(b)(1)"]
    assert met.covered is Covered.SHOWN
    assert next(a for a in met.answers if a.by == "no-prohibited-inputs-credit").finding == "met"
    assert lines["REG-B 1002.9(b)(2)"].covered is Covered.NOT_ASKED
    assert lines["REG-B 1002.4(a)"].covered is Covered.NOTHING
    assert sum(found.counts.values()) == len(found.lines)
    assert "not legal advice" in found.notice


def test_coverage_looks_at_the_law_of_another_day(walked: Walked) -> None:
    _, far = ahead(walked)
    today = walked.do("mia", "coverage show", regime="AIA", version=walked.version)
    then = walked.do("mia", "coverage show", regime="AIA", version=walked.version, as_of=far)
    assert "shown" not in today.counts
    assert then.counts["shown"] > 10


def test_coverage_of_a_use_case_and_of_the_house_tell_what_is_demanded(walked: Walked) -> None:
    case = walked.do("mia", "coverage show", regime="NYC-LL144", use_case=USE_CASE)
    assert set(case.counts) == {"not-concerned"}
    house = walked.do("mia", "coverage show", regime="REG-B")
    assert {line.clause: line.covered for line in house.lines}["REG-B 1002.6(b)(1)"] is Covered.ASKED


def test_what_is_to_come_is_told_of_the_versions_here(walked: Walked) -> None:
    near, far = ahead(walked)
    outlook = walked.do("mia", "coverage upcoming", until=far)
    days = list(dict.fromkeys(coming.on for coming in outlook.coming))
    assert days == [near, far]
    data = next(coming for coming in outlook.coming if coming.clause == "AIA 10(2)(b)")
    (stand,) = data.versions
    assert (stand.version, stand.covered, stand.there) == (walked.version, "shown", ("data-named",))
    assert outlook.unheld == ()
    none = walked.do("mia", "coverage upcoming", until=outlook.today, environment="nowhere")
    assert (none.coming, none.unheld) == ((), (USE_CASE,))


@pytest.mark.parametrize(
    ("asked", "error", "says"),
    [
        ({"regime": "NONE"}, LookupError, "knows no regime 'NONE'; there are AI-600-1"),
        ({"regime": "AIA", "version": "abc"}, LookupError, "is not known here"),
        ({"regime": "AIA", "use_case": "none"}, LookupError, "no use-case 'none'"),
        ({"regime": "AIA", "as_of": "2 Dec 2027"}, ValueError, "is no day"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_does(
    walked: Walked, asked: dict[str, str], error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        walked.do("mia", "coverage show", **asked)


def test_a_version_of_another_use_case_is_refused(walked: Walked) -> None:
    with pytest.raises(ValueError, match="is for use case 'consumer-credit', not for 'mortgage'"):
        walked.do("mia", "coverage show", regime="AIA", version=walked.version, use_case="mortgage")
