from dataclasses import replace
from typing import Any

import pytest
from tests.walk import ROWS, Walked, policy

from muster.columns.profile import Profile
from muster.lifecycle.assess import compile_version
from muster.records.canonical import digest, parse
from muster.records.codec import encode
from muster.records.evidence import Outcome, ReferenceProfile
from muster.records.model import Compilation
from muster.records.policy import Comparison, Control, Library, Limit, Meets, ReasonMap, Requirement
from muster.wiring import shipped


def test_every_demand_of_held_out_samples_is_measured(walked: Walked) -> None:
    evidence = walked.do("ana", "model evidence", version=walked.version)
    assert [found.check for found in evidence] == [
        "fairness.prohibited_inputs",
        "performance.discrimination",
        "fairness.impact_ratio",
    ]
    assert all(found.outcome is Outcome.MEASURED and found.sample == walked.parts["held-out"] for found in evidence)
    auc = next(figure for figure in evidence[1].figures if figure.name == "auc")
    assert auc.n == round(ROWS * 0.3)
    assert auc.low is not None
    assert auc.high is not None
    assert 0.6 < auc.low < auc.value < auc.high < 0.9


def test_the_served_form_is_proven_on_rows_made_to_break_it(walked: Walked) -> None:
    ((_, proof),) = walked.context().history(Compilation)
    assert (proof.version, proof.served, proof.decisions_differing) == (walked.version, walked.served, 0)
    assert proof.rows > round(ROWS * 0.3)
    assert proof.adversarial_rows > 0


def test_the_profile_that_is_frozen_is_of_the_rows_that_were_named(walked: Walked) -> None:
    ((_, frozen),) = walked.context().history(ReferenceProfile)
    assert (frozen.version, frozen.sample) == (walked.version, walked.parts["validation"])
    assert Profile.from_body(parse(walked.house.blobs.get(frozen.profile))).rows == round(ROWS * 0.2)


@pytest.mark.parametrize("action", ["model assess", "model compile", "model profile"])
def test_what_is_not_known_is_named(walked: Walked, action: str) -> None:
    with pytest.raises(LookupError, match="muster model list"):
        walked.do("mia", action, version=digest(b"nothing"), sample=walked.parts["held-out"])
    with pytest.raises(LookupError, match="muster dataset list"):
        walked.do("mia", action, version=walked.version, sample=digest(b"nothing"))


def test_rows_that_the_policy_asks_nothing_of_are_not_measured(walked: Walked) -> None:
    before = walked.house.ledger.refresh()
    with pytest.raises(ValueError, match=r"asks nothing of training samples; it asks of held-out, window"):
        walked.do("mia", "model assess", version=walked.version, sample=walked.parts["training"])
    with pytest.raises(LookupError, match="no adopted policy covers it"):
        walked.do("mia", "model assess", version=walked.version, sample=walked.parts["held-out"], environment="moon")
    assert walked.house.ledger.refresh() == before


class Liar:
    """A worker that hands back a proof about something else."""

    def __init__(self, changed: dict[str, Any], served: bytes) -> None:
        self._changed, self._served = changed, served

    def run(self, task: str, *_: Any) -> tuple[dict[str, Any], dict[str, bytes]]:
        assert task == "compile"
        return {"compilation": self._changed}, {"served.onnx": self._served}


@pytest.mark.parametrize("lie", ["version", "served", "sample"])
def test_a_proof_about_other_bytes_is_not_believed(walked: Walked, lie: str) -> None:
    context = walked.context()
    true = context.history(Compilation)[0][0].entry.body
    served = walked.house.blobs.get(walked.served)
    lying = replace(context, house=replace(context.house, executor=Liar({**true, lie: digest(b"other")}, served)))
    before = walked.house.ledger.refresh()
    with pytest.raises(ValueError, match="proved something about other bytes"):
        compile_version(lying, walked.version, walked.parts["held-out"])
    assert walked.house.ledger.refresh() == before


def test_checks_may_ask_the_served_form_and_the_training_rows(walked: Walked) -> None:
    """A policy that demands robustness and no leakage gets figures, because the version was compiled before."""
    library = walked.context("ana").latest(Library, "library:muster")
    limit = Limit("changed_share", Comparison.AT_MOST, 1.0, Meets.POINT)
    controls = (
        Control("steady", "Small noise changes few decisions.", "robustness.noise", {}, limit),
        Control("apart", "No held-out row was learnt from.", "data.overlap", {}, limit),
    )
    walked.do("ana", "library adopt", library=encode(replace(library, controls=(*library.controls, *controls))))
    asked = replace(policy(), requirements=tuple(Requirement(control.id) for control in controls))
    walked.do("ana", "policy adopt", policy=encode(asked))
    found = walked.do("mia", "model assess", version=walked.version, sample=walked.parts["held-out"])
    assert [(item.check, item.outcome.value, item.reason) for item in found.evidence] == [
        ("robustness.noise", "measured", ""),
        ("data.overlap", "measured", ""),
    ]
    assert all(item.figures for item in found.evidence)


def test_an_adopted_reason_map_lets_checks_explain(walked: Walked) -> None:
    reasons = shipped.value(ReasonMap, "reasons/consumer-credit.yaml")
    walked.do("ana", "reason-map adopt", reasons=reasons)
    asked = replace(policy(), requirements=(Requirement("reasons-faithful"),))
    walked.do("ana", "policy adopt", policy=encode(asked))
    (item,) = walked.do("mia", "model assess", version=walked.version, sample=walked.parts["held-out"]).evidence
    assert (item.check, item.outcome.value, item.reason) == ("explanation.fidelity", "measured", "")


def test_worth_in_money_needs_no_parameters_for_the_use_case_states_it(walked: Walked) -> None:
    library = walked.context("ana").latest(Library, "library:muster")
    gain = Limit("value_gain", Comparison.AT_LEAST, 0.0, Meets.POINT)
    worth = Control("pays", "Deciding by the model is worth more than deciding alike.", "performance.value", {}, gain)
    walked.do("ana", "library adopt", library=encode(replace(library, controls=(*library.controls, worth))))
    walked.do("ana", "policy adopt", policy=encode(replace(policy(), requirements=(Requirement("pays"),))))
    (item,) = walked.do("mia", "model assess", version=walked.version, sample=walked.parts["held-out"]).evidence
    assert (item.outcome, item.reason) == (Outcome.MEASURED, "")
    assert "true negative 3000, false negative -7000, as the use case states them" in item.method
    value = next(figure for figure in item.figures if figure.name == "value_per_decision")
    assert value.note == "TWD"
    assert -1000 < value.value < 3000
