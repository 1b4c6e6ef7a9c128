import pytest
from tests.lifecycle.library.scene import ahead
from tests.walk import USE_CASE, Walked

from muster.rules.gate.dates import day


def test_a_use_case_is_explained_fact_by_fact(walked: Walked) -> None:
    page = walked.do("mia", "use-case explain", id=USE_CASE)
    assert page.tier == "high"
    facts = {each.fact: each.effect for each in page.facts}
    assert facts["domain"].startswith("high: it decides about people in consumer-credit")
    assert facts["third party"].startswith("raises nothing")
    assert {"purpose", "people affected", "exposure", "type of AI", "autonomy", "jurisdictions"} <= facts.keys()


def test_every_control_and_regime_says_why_it_is_for_the_use_case_or_not(walked: Walked) -> None:
    _, far = ahead(walked)
    page = walked.do("mia", "use-case explain", id=USE_CASE)
    controls = {each.id: each for each in page.controls}
    assert controls["impact-ratio-sex"].demanded_by == (USE_CASE,)
    assert "asked for by" in controls["impact-ratio-sex"].why
    assert not controls["local-law-144"].applies
    assert "is for employment" in controls["local-law-144"].why
    assert controls["representative-place-eu"].why == f"representative-place-eu is in force from {day(far)}"
    later = walked.do("mia", "use-case explain", id=USE_CASE, as_of=far)
    assert {each.id: each.applies for each in later.controls}["representative-place-eu"]
    regimes = {each.id: each for each in page.regimes}
    assert regimes["REG-B"].applies
    assert not regimes["FHA"].applies
    assert not regimes["SR-11-7"].applies
    assert page.policies[0].applies


def test_an_unknown_use_case_is_refused(walked: Walked) -> None:
    with pytest.raises(LookupError, match="no use-case 'none'"):
        walked.do("mia", "use-case explain", id="none")
