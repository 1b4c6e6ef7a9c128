import io
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from tests.walk import ROWS, Walked, policy

from muster.columns.profile import Profile
from muster.columns.tables import from_parquet, to_parquet
from muster.lifecycle.assess import assess, compare, compile_version
from muster.lifecycle.desk.asking import find_dataset, find_version
from muster.records.canonical import canonical, digest, parse
from muster.records.codec import encode
from muster.records.evidence import Evidence, Outcome, ReferenceProfile
from muster.records.model import Compilation
from muster.records.policy import Comparison, Control, Library, Limit, Meets, ReasonMap, Requirement
from muster.wiring import shipped

TARGET = "default-payment-next-month"


def test_every_demand_of_held_out_samples_is_measured(walked: Walked) -> None:
    evidence = walked.do("ana", "model evidence", version=walked.version)
    assert [found.check for found in evidence] == [
        "fairness.prohibited_inputs",
        "performance.discrimination",
        "fairness.impact_ratio",
        "performance.value",
    ], "and what a decision is worth, for the use case says what outcomes are"
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


def test_what_is_not_for_the_use_case_is_not_measured_and_what_is_to_come_is(walked: Walked) -> None:
    demanding = replace(
        policy(),
        requirements=(
            Requirement("discrimination"),
            Requirement("local-law-144"),
            Requirement("reasons-complete-colorado"),
        ),
    )
    walked.do("ana", "policy adopt", policy=encode(demanding))
    told: list[str] = []
    context = replace(walked.context(), progress=told.append)
    done = assess(context, walked.version, walked.parts["held-out"])
    measured = {each.check for each in done.evidence}
    assert {"performance.discrimination", "explanation.coverage"} <= measured
    assert "fairness.local_law_144" not in measured
    assert any(line.startswith("not measured: local-law-144 is for employment") for line in told)
    alone = replace(demanding, requirements=(Requirement("local-law-144"),))
    walked.do("ana", "policy adopt", policy=encode(alone))
    with pytest.raises(
        ValueError, match="asks nothing of held-out samples that applies: local-law-144 is for employment"
    ):
        walked.do("mia", "model assess", version=walked.version, sample=walked.parts["held-out"])


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
        ("performance.value", "measured", ""),
    ]
    assert all(item.figures for item in found.evidence)


def test_an_adopted_reason_map_lets_checks_explain(walked: Walked) -> None:
    reasons = shipped.value(ReasonMap, "reasons/consumer-credit.yaml")
    walked.do("ana", "reason-map adopt", reasons=reasons)
    asked = replace(policy(), requirements=(Requirement("reasons-faithful"),))
    walked.do("ana", "policy adopt", policy=encode(asked))
    item, _ = walked.do("mia", "model assess", version=walked.version, sample=walked.parts["held-out"]).evidence
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


ASKED = ("no-prohibited-inputs-credit", "discrimination", "worth-having", "impact-ratio-sex", "impact-ratio-age")


ANSWERED: list[tuple[dict[str, Any], dict[str, bytes]]] = []
"""What the model said of the held-out rows, asked once: it reads none of the columns that are changed here."""


class Odd:
    """A worker whose model answers as it did, or one row as no model should."""

    def __init__(self, executor: Any, score: float | None) -> None:
        self._executor, self._score = executor, score

    def run(self, *asked: Any) -> tuple[dict[str, Any], dict[str, bytes]]:
        if not ANSWERED:
            ANSWERED.append(self._executor.run(*asked))
        result, made = ANSWERED[0]
        if self._score is None:
            return result, made
        scores = np.load(io.BytesIO(made["scores.npy"]))
        scores[7] = self._score
        file = io.BytesIO()
        np.save(file, scores)
        return result, {"scores.npy": file.getvalue()}


def reasons_of(walked: Walked, column: str, values: Any, score: float | None = None) -> dict[str, str]:
    """Assess held-out rows, one column of them changed; return why checks could not measure, as the gate tells it.

    Whatever could be measured is left out; the gate must not let through what could not.
    """
    asked = replace(policy(), requirements=tuple(Requirement(name) for name in ASKED))
    walked.do("ana", "policy adopt", policy=encode(asked))
    context = walked.context()
    data = find_dataset(context, walked.parts["held-out"])
    table = from_parquet(context.house.blobs.get(data.digest))
    if column:
        table = table.set_column(table.column_names.index(column), column, pa.array(values(table[column].to_pylist())))
        data = replace(data, name="strange", digest=context.house.blobs.put(to_parquet(table)))
        context.record(data)
    context = replace(context, house=replace(context.house, executor=Odd(context.house.executor, score)))
    found = assess(context, walked.version, data.digest).evidence
    assert found[0].check == "fairness.prohibited_inputs"
    assert found[0].outcome is Outcome.MEASURED, "what needs neither scores nor labels is measured all the same"
    failed = [item for item in found if item.outcome is Outcome.NOT_MEASURED]
    assert all(not item.figures for item in failed)
    silent = {f"{item.check} {item.parameters.get('attribute', '')}".strip(): item.reason for item in failed}
    decision = walked.do("mia", "gate ask", version=walked.version)
    told = [reason.explanation for reason in decision.reasons if "could not be measured" in reason.explanation]
    assert decision.verdict == "refuse"
    assert all(any(why in line for line in told) for why in silent.values())
    return silent


def test_a_challenger_is_held_against_the_champion_on_the_same_rows(walked: Walked) -> None:
    context = walked.context()
    champion = find_version(context, walked.version)
    stricter = replace(champion.manifest, decision=replace(champion.manifest.decision, threshold=0.2))
    identity = context.house.blobs.put(canonical(encode(stricter)))
    context.record(replace(champion, digest=identity, manifest=stricter))
    context = replace(context, house=replace(context.house, executor=Odd(context.house.executor, None)))
    (item,) = compare(context, identity, walked.version, walked.parts["held-out"]).evidence
    assert (item.version, item.outcome) == (identity, Outcome.MEASURED)
    assert item.parameters == {"benchmark": walked.version, "threshold": champion.manifest.decision.threshold}
    figures = {figure.name: figure.value for figure in item.figures}
    assert figures["auc_difference"] == 0.0
    assert 0.05 < figures["decisions_changed"] < 0.5
    assert figures["accuracy"] != figures["benchmark_accuracy"]
    assert context.history(Evidence, f"version:{identity}")[-1][1] == item


def test_only_models_that_predict_the_same_thing_are_compared(walked: Walked) -> None:
    context = walked.context()
    champion = find_version(context, walked.version)
    with pytest.raises(ValueError, match="compared with itself"):
        walked.do(
            "mia", "model compare", version=walked.version, champion=walked.version, sample=walked.parts["held-out"]
        )
    elsewhere = "sha256:" + "e" * 64
    context.record(replace(champion, digest=elsewhere, use_case="mortgage"))
    with pytest.raises(ValueError, match="one is for use case 'consumer-credit', the other for 'mortgage'"):
        compare(context, walked.version, elsewhere, walked.parts["held-out"])
    other = replace(champion.manifest, recipe=replace(champion.manifest.recipe, positive=0))
    identity = context.house.blobs.put(canonical(encode(other)))
    context.record(replace(champion, digest=identity, manifest=other))
    with pytest.raises(ValueError, match="is 1 and favours .* is 0, below: only models that predict the same thing"):
        compare(context, walked.version, identity, walked.parts["held-out"])


def test_labels_that_are_missing_are_named_with_their_row(walked: Walked) -> None:
    silent = reasons_of(walked, TARGET, lambda values: [*values[:3], None, *values[4:]])
    assert set(silent) == {"performance.discrimination", "performance.value"}
    assert all(f"label column '{TARGET}' is empty in row 3" in why for why in silent.values())


def test_labels_that_are_all_the_same_cannot_be_ranked(walked: Walked) -> None:
    silent = reasons_of(walked, TARGET, lambda values: [0] * len(values))
    assert set(silent) == {"performance.discrimination", "performance.value"}
    assert all("is constant: no row has the positive value 1" in why for why in silent.values())


def test_one_group_only_has_nobody_to_be_compared_with(walked: Walked) -> None:
    silent = reasons_of(walked, "SEX", lambda values: [1] * len(values))
    assert silent == {
        "fairness.impact_ratio SEX": "SEX has rows in one known group at most: there is nothing to compare"
    }


def test_text_among_ages_makes_no_bands(walked: Walked) -> None:
    silent = reasons_of(walked, "AGE", lambda values: [*map(str, values[:5]), "old", *map(str, values[6:])])
    assert set(silent) == {"fairness.impact_ratio AGE"}
    assert "AGE" in silent["fairness.impact_ratio AGE"]
    assert "row 5" in silent["fairness.impact_ratio AGE"]


@pytest.mark.parametrize(("score", "written"), [(1.5, "1.5"), (float("nan"), "nan")])
def test_scores_that_are_no_probabilities_are_named_with_their_row(walked: Walked, score: float, written: str) -> None:
    silent = reasons_of(walked, "", None, score)
    assert set(silent) == {
        "performance.discrimination",
        "performance.value",
        *(f"fairness.impact_ratio {name}" for name in ("SEX", "AGE")),
    }
    assert all(f"score is {written} in row 7" in why for why in silent.values())


def test_weights_that_the_contract_names_reach_the_checks(walked: Walked) -> None:
    context = walked.context()
    data = find_dataset(context, walked.parts["held-out"])
    plain = {found.check: found for found in assess(context, walked.version, data.digest).evidence}
    context.record(replace(data, weight="LIMIT_BAL"))
    weighted = {found.check: found for found in assess(context, walked.version, data.digest).evidence}
    assert weighted.keys() == plain.keys()
    for check, found in weighted.items():
        told = found.outcome is not Outcome.MEASURED and "weight" in found.reason
        assert told or found.figures != plain[check].figures or "weight" in found.method or check.endswith("_inputs")
