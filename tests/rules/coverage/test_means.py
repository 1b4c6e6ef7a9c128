from dataclasses import replace

from tests.rules.coverage.scene import LIBRARY, clause
from tests.rules.scene import USE_CASE

from muster.records.governance.clauses import Confidence
from muster.records.governance.terms import Selector
from muster.rules.coverage.means import (
    answering,
    clauses_of,
    concerns,
    confidence_of,
    family_of,
    jurisdictions_of,
    regime_of,
    regimes_of,
)

REGIMES = {regime.id: regime for regime in LIBRARY.regimes}
AUC, INPUTS, UNASKED = LIBRARY.controls


def test_a_clause_is_answered_by_controls_that_name_it_and_by_facts_of_its_objectives() -> None:
    means = answering(LIBRARY)
    assert [each.id for each in means["LAW 1"].controls] == [AUC.id, INPUTS.id]
    assert means["LAW 3"].facts == ("duties-separated",)
    assert means["LAW 4"].gaps == ("Not covered: it.",)
    assert means["LAW 5"].controls == means["LAW 5"].objectives == ()


def test_an_objective_lends_its_controls_to_a_clause_that_none_of_them_names() -> None:
    wider = replace(LIBRARY.objectives[0], clauses=("LAW 1", "LAW 5"))
    means = answering(replace(LIBRARY, objectives=(wider, *LIBRARY.objectives[1:])))
    assert [each.id for each in means["LAW 5"].controls] == [AUC.id]
    named = replace(LIBRARY.controls[2], objective="PERF-01", clauses=("LAW 5",))
    direct = replace(LIBRARY, objectives=(wider, *LIBRARY.objectives[1:]), controls=(AUC, INPUTS, named))
    assert [each.id for each in answering(direct)["LAW 5"].controls] == [named.id]


def test_what_is_asked_of_a_control_follows_from_its_clauses() -> None:
    assert [each.id for each in clauses_of(INPUTS, LIBRARY)] == ["LAW 1", "LATE 1"]
    assert regimes_of(INPUTS, LIBRARY) == ("LAW", "LATE")
    assert jurisdictions_of(INPUTS, LIBRARY) == ("EU",)
    assert jurisdictions_of(replace(INPUTS, jurisdictions=("US",)), LIBRARY) == ("US",)
    assert family_of(INPUTS, LIBRARY) == "data"
    assert family_of(replace(INPUTS, objective="", check="fairness.flip"), LIBRARY) == "fairness"


def test_a_control_is_as_well_known_as_the_least_of_its_clauses() -> None:
    assert confidence_of(AUC, LIBRARY) is Confidence.READ
    guessed = replace(LIBRARY, clauses=(replace(LIBRARY.clauses[0], confidence=Confidence.UNVERIFIED),))
    assert confidence_of(AUC, guessed) is Confidence.UNVERIFIED
    assert confidence_of(replace(AUC, clauses=()), LIBRARY) is Confidence.UNVERIFIED
    assert confidence_of(replace(AUC, confidence=Confidence.READ), guessed) is Confidence.READ


def test_a_clause_speaks_of_use_cases_by_place_and_by_its_own_facts_or_those_of_its_regime() -> None:
    assert concerns(clause("LAW 1"), REGIMES, USE_CASE) == (True, "acts in EU")
    assert not concerns(clause("LAW 1", jurisdictions=("US",)), REGIMES, USE_CASE)[0]
    assert "is for employment" in concerns(LIBRARY.clauses[4], REGIMES, USE_CASE)[1]
    hiring = {"LAW": replace(REGIMES["LAW"], applies_to=Selector(domains=("employment",)))}
    assert not concerns(clause("LAW 1"), hiring, USE_CASE)[0]
    assert concerns(clause("LAW 1", applies_to=Selector()), hiring, USE_CASE)[0], "its own word goes first"


def test_a_regime_is_named_or_is_the_first_word() -> None:
    assert regime_of(clause("AIA 9(8)")) == "AIA"
    assert regime_of(clause("LLM09-2025", regime="OWASP-LLM")) == "OWASP-LLM"
