from dataclasses import replace

import pytest
from tests.rules.coverage.scene import LATER, LIBRARY, TODAY, known
from tests.rules.scene import AUC, NOW, POLICY, USE_CASE, auc, complete, entry, waiver, without

from muster.records.policy import Requirement
from muster.rules.coverage.report import CoverageLine, Covered, Subject, counts, lines

VERSION = Subject(USE_CASE, known())


def covered(subject: Subject, regime: str = "LAW", today: str = TODAY) -> dict[str, CoverageLine]:
    return {line.clause: line for line in lines(LIBRARY, regime, (POLICY,), subject, today, NOW)}


def test_what_is_demanded_and_met_is_shown_with_its_figures() -> None:
    line = covered(VERSION)["LAW 1"]
    assert line.covered is Covered.SHOWN
    assert [(answer.by, answer.finding, answer.demanded_by) for answer in line.answers] == [
        (AUC.id, "met", ("credit",)),
        ("no-age", "met", ("credit",)),
    ]
    assert "0.8" in line.answers[0].why


@pytest.mark.parametrize("told", [without("evidence.recorded"), [*without("evidence.recorded"), entry(auc(0.5))]])
def test_what_is_demanded_and_not_met_or_not_measured_is_open(told: list[object]) -> None:
    assert covered(Subject(USE_CASE, known(told)))["LAW 1"].covered is Covered.OPEN  # type: ignore[arg-type]


def test_what_is_let_pass_is_told_apart() -> None:
    poor = [each for each in complete() if each.body.get("check") != AUC.check]
    told = [*poor, entry(auc(0.5)), entry(waiver(), "chief")]
    assert covered(Subject(USE_CASE, known(told)))["LAW 1"].covered is Covered.WAIVED


def test_what_nobody_demands_is_told_and_what_nothing_answers_is_too() -> None:
    found = covered(VERSION)
    assert found["LAW 2"].covered is Covered.NOT_ASKED
    assert (found["LAW 4"].covered, found["LAW 4"].gaps) == (Covered.NOTHING, ("Not covered: it.",))


def test_a_fact_that_records_show_counts_and_one_that_they_do_not_is_lacking() -> None:
    (answer,) = covered(VERSION)["LAW 3"].answers
    assert (answer.by, answer.finding) == ("duties-separated", "shown")
    unsigned = covered(Subject(USE_CASE, known(without("approval.signed"))))["LAW 3"]
    assert (unsigned.covered, unsigned.answers[0].finding) == (Covered.NOT_ASKED, "lacking")


def test_without_a_version_it_is_told_what_is_demanded_only() -> None:
    found = covered(Subject(USE_CASE))
    assert (found["LAW 1"].covered, found["LAW 2"].covered) == (Covered.ASKED, Covered.NOT_ASKED)
    assert {answer.finding for answer in found["LAW 1"].answers} == {""}


def test_clauses_of_other_use_cases_are_told_apart_where_one_is_named() -> None:
    assert covered(VERSION)["LAW 5"].covered is Covered.NOT_CONCERNED
    assert covered(Subject())["LAW 5"].covered is Covered.NOTHING


def test_a_law_to_come_is_looked_at_on_its_day() -> None:
    assert covered(VERSION, "LATE")["LATE 1"].covered is Covered.NOT_YET
    assert covered(VERSION, "LATE", LATER)["LATE 1"].covered is Covered.SHOWN
    assert covered(VERSION, "GONE", LATER)["GONE 1"].covered is Covered.NOT_YET


def test_the_worst_of_several_demands_speaks() -> None:
    stricter = replace(POLICY, id="strict", requirements=(Requirement(AUC.id, limit=0.99),))
    (line,) = [
        each for each in lines(LIBRARY, "LAW", (POLICY, stricter), VERSION, TODAY, NOW) if each.clause == "LAW 1"
    ]
    assert line.covered is Covered.OPEN
    assert line.answers[0].demanded_by == ("credit", "strict")


def test_lines_are_counted_by_how_far_they_are_answered() -> None:
    assert counts(tuple(covered(VERSION).values())) == {"shown": 2, "not-asked": 1, "nothing": 1, "not-concerned": 1}
