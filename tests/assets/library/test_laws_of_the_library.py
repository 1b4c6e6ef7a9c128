"""Laws of the control library that ships: what a reader may rely on, whoever changes it."""

import re
from collections import Counter
from datetime import date

import pytest
import yaml

from muster.adapters.assets import asset, assets
from muster.adapters.yamlfiles.policies import read_library
from muster.records.codec import encode
from muster.records.governance.clauses import AnsweredBy, Objective
from muster.records.policy import Control
from muster.rules.coverage.house.facts import FACTS
from muster.rules.coverage.means import answering, confidence_of, regime_of
from muster.rules.coverage.places import PLACES
from muster.rules.coverage.sound import library_faults

LIBRARY = read_library(asset("controls/controls.yaml").decode(), "controls.yaml")
CLAUSES = {clause.id: clause for clause in LIBRARY.clauses}

BEFORE = [
    "no-prohibited-inputs-credit",
    "no-prohibited-inputs-mortgage",
    "discrimination",
    "calibration",
    "impact-ratio-age",
    "impact-ratio-elderly",
    "impact-ratio-sex",
    "impact-ratio-race",
    "impact-ratio-place",
    "equal-opportunity-age",
    "no-negative-age-effect",
    "no-age-reversal",
    "local-law-144",
    "population-stability",
    "no-telltale-input",
    "judged-on-unseen",
    "counted-once",
    "labels-agree",
    "worth-having",
    "steady-under-noise",
    "reasons-complete",
    "reasons-faithful",
    "names-real-packages",
    "answers-unchanged",
]
"""Some of the ids that policies and ledgers name since the first library."""

ROWS = [
    f"{family}-{number:02}"
    for family, count in {
        "INV": 4, "GOV": 4, "DOC": 3, "LOG": 2, "DATA": 5, "PERF": 3, "FAIR": 6, "EXPL": 2, "ROB": 2, "SEC": 4,
        "SRV": 4, "MON": 3, "CODE": 6,
    }.items()
    for number in range(1, count + 1)
]  # fmt: skip


def test_ids_are_unique_over_everything() -> None:
    counted = Counter(each.id for each in (*LIBRARY.objectives, *LIBRARY.controls, *LIBRARY.clauses))
    assert [name for name, count in counted.items() if count > 1] == []


def test_the_library_is_sound() -> None:
    assert list(library_faults(LIBRARY)) == []
    assert "not legal advice" in LIBRARY.notice


def test_whoever_named_a_control_before_still_finds_it() -> None:
    known = {control.id for control in LIBRARY.controls} | {old for each in LIBRARY.controls for old in each.supersedes}
    assert set(BEFORE) <= known


def test_every_row_of_the_table_of_objectives_is_there_and_says_what_answers_it() -> None:
    assert sorted(ROWS) == sorted(objective.id for objective in LIBRARY.objectives)


@pytest.mark.parametrize("objective", LIBRARY.objectives, ids=lambda objective: objective.id)
def test_an_objective_is_answered_by_something_that_exists_or_says_that_it_is_not_covered(objective: Objective) -> None:
    measured = [control.id for control in LIBRARY.controls if control.objective == objective.id]
    assert set(objective.facts) <= FACTS.keys()
    assert set(objective.clauses) <= CLAUSES.keys()
    if objective.answered_by is AnsweredBy.NOTHING:
        assert (measured, objective.facts) == ([], ())
        assert objective.gap.startswith("Not covered: ")
    else:
        assert measured or objective.facts


@pytest.mark.parametrize("control", LIBRARY.controls, ids=lambda control: control.id)
def test_a_control_has_clauses_that_exist_and_an_objective(control: Control) -> None:
    assert control.clauses
    assert set(control.clauses) <= CLAUSES.keys()
    assert control.objective in ROWS
    if control.in_force_from:
        named = {CLAUSES[clause].in_force_from for clause in control.clauses}
        assert named == {control.in_force_from}, "the day is that of the law which asks for it"


def test_every_clause_has_a_source_a_regime_and_dates_in_order() -> None:
    regimes = {regime.id for regime in LIBRARY.regimes}
    for clause in LIBRARY.clauses:
        assert clause.source.strip(), clause.id
        assert regime_of(clause) in regimes, clause.id
        days = [date.fromisoformat(day) for day in (clause.in_force_from, clause.in_force_until) if day]
        assert days == sorted(days)
        assert set(clause.jurisdictions) <= PLACES


def test_every_regime_of_a_file_is_that_of_its_clauses() -> None:
    for name in assets("clauses"):
        told = yaml.safe_load(asset(f"clauses/{name}"))
        (regime,) = told["regimes"]
        assert name == f"{regime['id'].lower()}.yaml"
        assert {regime_of(CLAUSES[clause["id"]]) for clause in told.get("clauses", ())} <= {regime["id"]}


def test_what_is_known_from_elsewhere_than_its_source_says_so() -> None:
    unread = {"AIA", "GDPR", "CCD2", "CRA", "AISVS", "SSDF", "OWASP-LLM", "NYC-LL144", "ISO42001", "FCRA", "FHA"}
    told = {regime_of(clause) for clause in LIBRARY.clauses if clause.confidence.value == "read"}
    assert told & unread == set()
    known = next(control for control in LIBRARY.controls if control.id == "impact-ratio-age")
    assert confidence_of(known, LIBRARY).value == "unverified", "as well known as the least of its clauses"


COPIED = (
    r"\bshall\b",
    r"\bthereof\b",
    r"\bpursuant to\b",
    r"\bwithout prejudice\b",
    r"\breferred to in\b",
    r"\bVerify that\b",
    r"\bThe organi[sz]ation (?:should|shall)\b",
    r"\bhigh-risk AI systems\b",
    r"\bnatural persons\b",
)
"""How laws and standards speak, and we do not."""


@pytest.mark.parametrize("telltale", COPIED)
def test_no_text_of_a_regime_is_copied(telltale: str) -> None:
    spoken = [clause.summary for clause in LIBRARY.clauses] + [each.statement for each in LIBRARY.objectives]
    assert [text for text in spoken if re.search(telltale, text)] == []
    assert max(len(text) for text in spoken) < 240


def test_a_clause_is_answered_by_what_names_it_and_else_by_all_of_its_objective() -> None:
    means = answering(LIBRARY)
    assert [each.id for each in means["NYC-LL144 5-301"].controls] == ["local-law-144"]
    assert {each.id for each in means["AIA 10(2)(g)"].controls} >= {"impact-ratio-sex", "equalised-odds-sex"}
    assert means["AIA 73"].facts == ()
    assert means["AIA 4"].controls == ()


def test_the_library_reads_the_same_when_it_is_written_again() -> None:
    again = read_library(yaml.safe_dump(encode(LIBRARY), allow_unicode=True), "again.yaml")
    assert again == LIBRARY
