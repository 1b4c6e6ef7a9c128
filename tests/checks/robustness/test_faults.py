from collections.abc import Callable

import numpy as np
import pytest

from muster.checks.declare import Check
from muster.checks.kit import assert_lawful, credit_sample
from muster.checks.robustness.faults import extremes, missing, noise, outage, typos, units
from muster.columns.sample import Sample
from muster.records.evidence import Figure, Measurement, Outcome

MakeSample = Callable[..., Sample]


def figures_of(found: Measurement, name: str) -> dict[str, Figure]:
    return {figure.group: figure for figure in found.figures if figure.name == name}


@pytest.mark.parametrize("check", [noise, missing, outage, extremes, typos, units], ids=lambda check: check.name)
def test_every_fault_is_measured_lawfully_on_a_served_model(check: Check, sample_of: MakeSample) -> None:
    found = assert_lawful(check, {"rows": 100}, sample_of(200))
    assert figures_of(found, "decision_change_share")
    assert "100 rows, chosen by seed" in found.method


def test_noise_turns_decisions_near_the_threshold_and_more_of_it_more(sample_of: MakeSample) -> None:
    sample = sample_of(2000)
    little, much = (
        figures_of(noise.measure(sample, {"level": level}), "decision_change_share") for level in (0.05, 0.5)
    )
    assert 0 < little["income"].value < much["income"].value < 0.4
    assert much["all inputs together"].value >= much["income"].value * 0.8
    assert figures_of(noise.measure(sample, {"level": 0}), "decision_change_share")["income"].value == 0.0


def test_a_model_takes_gaps_where_its_plan_allows_them(sample_of: MakeSample) -> None:
    found = missing.measure(sample_of(), {"share": 1})
    refused = figures_of(found, "refused_share")
    assert (refused["income"].value, refused["late"].value, refused["region"].value) == (0.0, 1.0, 1.0)
    some = figures_of(missing.measure(sample_of(2000), {"columns": ["late"]}), "refused_share")
    assert some["late"].value == pytest.approx(0.1, abs=0.03)


def test_an_input_that_fails_is_missing_stuck_or_of_other_rows(sample_of: MakeSample) -> None:
    sample = sample_of(400)
    found = outage.measure(sample, {"columns": ["income", "region"]})
    changed = figures_of(found, "decision_change_share")
    assert list(changed) == [
        f"{name} {how}" for name in ("income", "region") for how in ("missing", "stuck", "of other rows")
    ]
    poor = (sample.table["income"].to_numpy() <= 20_000) & (sample.table["late"].to_numpy() < 2)
    assert changed["income missing"].value == pytest.approx(poor.mean())
    assert changed["region stuck"].value == changed["region of other rows"].value == 0.0


def test_extremes_are_those_of_the_fit_and_beyond(sample_of: MakeSample) -> None:
    sample = sample_of(300)
    found = extremes.measure(sample, {"columns": ["income"], "beyond": 0.5})
    changed = figures_of(found, "adverse_change_share")
    assert list(changed) == ["income least", "income greatest", "income under", "income over"]
    assert changed["income least"].value == changed["income under"].value == np.mean(sample.favourable)
    assert changed["income greatest"].value == 0.0
    assert "fit (training, sha256:01)" in found.method


def test_misspelt_categories_are_refused_and_turn_nothing(sample_of: MakeSample) -> None:
    found = typos.measure(sample_of(64), {})
    assert {figure.value for figure in figures_of(found, "refused_share").values()} == {1.0}
    assert {figure.value for figure in figures_of(found, "decision_change_share").values()} == {0.0}


def test_a_mistaken_unit_turns_whom_it_should(sample_of: MakeSample) -> None:
    sample = sample_of(300)
    changed = figures_of(units.measure(sample, {"columns": ["income"]}), "decision_change_share")
    income, calm = sample.table["income"].to_numpy(), sample.table["late"].to_numpy() < 2
    assert changed["income x 1000"].value == np.mean(calm & (income <= 20_000))
    assert changed["income x 0.001"].value == np.mean(calm & (income > 20_000))
    refused = figures_of(units.measure(sample, {"columns": ["late"]}), "refused_share")
    assert refused["late x 0.1"].value == np.mean(sample.table["late"].to_numpy() % 10 != 0)


@pytest.mark.parametrize(
    ("check", "parameters", "complaint"),
    [
        (noise, {"columns": ["region"]}, "region: no numeric input of the model is called so; there are income, late"),
        (typos, {"columns": ["late"]}, "late: no category input of the model is called so; there are region"),
        (missing, {"columns": ["age"]}, "age: no input of the model is called so"),
        (noise, {"level": -1}, "parameter level must be a number from 0 to 10"),
    ],
)
def test_what_cannot_be_changed_is_said(check: Check, parameters: dict, complaint: str) -> None:
    found = check.measure(credit_sample(40), parameters)
    assert found.outcome is Outcome.NOT_MEASURED
    assert complaint in found.reason


def test_without_its_model_nothing_is_measured(sample_of: MakeSample) -> None:
    sample = sample_of(10)
    alone = Sample.of(sample.table, sample.scores, sample.rule, name="n", digest="d", role="window")
    assert "comes without its model" in noise.measure(alone, {}).reason
    lettered = credit_sample(40, inputs=("region",))
    assert "not the model" in noise.measure(lettered, {}).reason or "no column" in noise.measure(lettered, {}).reason
