from dataclasses import replace
from typing import Any

import pytest
from tests.rules.coverage.scene import LIBRARY, clause

from muster.records.governance.clauses import AnsweredBy
from muster.records.policy import Library
from muster.rules.coverage.sound import library_faults

CONTROL, OBJECTIVE, NOTHING = LIBRARY.controls[0], LIBRARY.objectives[3], LIBRARY.objectives[4]


def with_control(**changes: Any) -> Library:
    return replace(LIBRARY, controls=(replace(CONTROL, **changes), *LIBRARY.controls[1:]))


def with_clause(**changes: Any) -> Library:
    return replace(LIBRARY, clauses=(*LIBRARY.clauses, clause("LAW 9", **changes)))


def with_objective(**changes: Any) -> Library:
    return replace(LIBRARY, objectives=(*LIBRARY.objectives[:3], replace(OBJECTIVE, **changes), NOTHING))


def with_nothing(**changes: Any) -> Library:
    return replace(LIBRARY, objectives=(*LIBRARY.objectives[:4], replace(NOTHING, **changes)))


def test_a_sound_library_has_no_fault() -> None:
    assert list(library_faults(LIBRARY)) == []
    assert list(library_faults(Library("plain", LIBRARY.controls[:0]))) == []


@pytest.mark.parametrize(
    ("library", "field", "why"),
    [
        (with_control(in_force_from="soon"), "controls[0].in_force_from", "no date of the form"),
        (with_control(in_force_from="20271202"), "controls[0].in_force_from", "no date of the form"),
        (
            with_control(in_force_from="2027-12-02", in_force_until="2027-12-02"),
            "in_force_until",
            "not after it begins",
        ),
        (with_control(jurisdictions=("UK",)), "controls[0].jurisdictions[0]", "'UK' is no place"),
        (with_control(supersedes=(CONTROL.id,)), "controls[0].supersedes", "its own place"),
        (with_control(objective="NO-99"), "controls[0].objective", "'NO-99' is not under objectives"),
        (with_clause(source=" "), "clauses[8].source", "where it is to be found"),
        (with_clause(status="maybe"), "clauses[8].status", "'maybe' is none of in-force"),
        (with_clause(regime="OTHER"), "clauses[8].regime", "not under regimes"),
        (with_objective(clauses=("LAW 99",)), "objectives[3].clauses", "describe clause 'LAW 99'"),
        (with_objective(facts=("a-yes",)), "objectives[3].facts", "'a-yes' is none of the facts"),
        (with_objective(facts=()), "objectives[3].facts", "name the facts that show it"),
        (with_objective(answered_by=AnsweredBy.CHECK), "objectives[3].answered_by", "no control measures it"),
        (with_nothing(gap=""), "objectives[4].gap", "say what is missing"),
        (with_nothing(facts=("signed-off",)), "objectives[4].answered_by", "but something does"),
    ],
)
def test_each_fault_is_told_beside_its_field(library: Library, field: str, why: str) -> None:
    path, what = next(library_faults(library))
    assert path.endswith(field)
    assert why in what


def test_people_answer_by_what_they_attest_or_by_what_records_show() -> None:
    said = replace(LIBRARY.objectives[0], answered_by=AnsweredBy.PERSON)
    assert list(library_faults(replace(LIBRARY, objectives=(said, *LIBRARY.objectives[1:])))) == []
