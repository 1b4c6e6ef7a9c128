from dataclasses import replace

from tests.lifecycle.page.reading import plain, read
from tests.rules.scene import LIBRARY, MANIFEST, NOW, POLICY, QUESTION, USE_CASE, VERSION

from muster.lifecycle.page.parts import demands, header, purpose
from muster.records.model import ModelVersion
from muster.records.purpose import Value
from muster.rules.gate.decide import decide
from muster.rules.gate.facts import Facts


def test_a_purpose_says_how_much_can_go_wrong() -> None:
    said = plain(purpose(replace(USE_CASE, purpose="grant <loans>")))

    assert "Risk tier high: it decides about people in consumer-credit" in said
    assert "grant &lt;loans&gt;" in said


def test_a_page_begins_with_what_was_asked_and_the_answer() -> None:
    version = ModelVersion(VERSION, "model of loans", "loans", MANIFEST, "run-1", VERSION)
    said = header("a page", version, QUESTION, replace(USE_CASE, purpose="grant <loans>"), ("refused", "It may not."))

    read(said)
    assert '<strong class="stamp refused">' in said
    asked = "May this model version serve “grant &lt;loans&gt;” in production?"
    assert plain(said).strip().startswith(f"a page model of loans {asked} refused It may not.")


def test_every_demand_is_listed_with_its_finding() -> None:
    decision = decide(POLICY, LIBRARY, QUESTION, Facts(), NOW)
    said = demands(POLICY, decision)

    read(said)
    assert len(decision.reasons) > 3
    for reason in decision.reasons:
        assert f'<strong class="finding {reason.finding.value}">' in said
        assert reason.demand in said


def test_a_purpose_says_what_an_outcome_is_worth_where_that_is_stated() -> None:
    value = Value("TWD", 0, 0, 3000, -7000)
    said = plain(purpose(replace(USE_CASE, value=value)))

    assert (
        "An outcome is worth true positive 0, false positive 0, true negative 3,000, false negative -7,000 TWD" in said
    )
    assert "An outcome is worth not stated: what outcomes are worth is not known" in plain(
        purpose(replace(USE_CASE, value=None))
    )
