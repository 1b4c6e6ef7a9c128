from dataclasses import replace
from datetime import timedelta

from tests.rules.coverage.scene import known
from tests.rules.scene import MANIFEST, NOW, POLICY, USE_CASE, auc, complete, entry, without

from muster.records.language.hosted import HostedModel
from muster.records.model import ModelFormat, Run
from muster.records.purpose import Value
from muster.rules.coverage.house import recorded

FAIR = replace(auc(), check="fairness.impact_ratio", sample_role="window", sample_name="w1")
HOSTED = replace(
    known().version,
    manifest=replace(MANIFEST, format=ModelFormat.HOSTED, hosted=HostedModel("maker", "https://m.example/v1", "m-1")),
)


def test_worth_is_stated_with_the_use_case_or_not() -> None:
    assert not recorded.valued(known()).holds
    valued = replace(USE_CASE, value=Value("EUR", 1, -5, 1, -1))
    assert "valued in EUR" in recorded.valued(known(use_case=valued)).why


def test_data_are_named_with_origin_and_licence() -> None:
    assert "loans (100 rows), from the bank, under internal" in recorded.data_named(known()).why
    training = known().training
    assert training is not None
    assert "nothing of its licence" in recorded.data_named(known(training=replace(training, licence=""))).why
    assert not recorded.data_named(known(training=None)).holds


def test_a_search_for_alternatives_is_on_record_or_not() -> None:
    assert not recorded.alternatives_sought(known()).holds
    assert recorded.alternatives_sought(known(searches=2)).why == "2 recorded for loans"


def test_fairness_in_production_is_measured_on_windows_and_not_long_ago() -> None:
    assert not recorded.fair_in_production(known()).holds
    assert recorded.fair_in_production(known([*complete(), entry(FAIR)])).holds
    old = entry(FAIR, at=NOW - timedelta(days=POLICY.maximum_evidence_age_days))
    assert "more than 30 days ago" in recorded.fair_in_production(known([*complete(), old])).why
    other = entry(replace(FAIR, check="drift.population_stability"))
    assert not recorded.fair_in_production(known([*complete(), other])).holds
    assert recorded.windows_measured(known([*complete(), other])).holds


def test_a_model_at_a_provider_has_no_file_that_could_be_read() -> None:
    assert recorded.files_admitted(known()).holds
    assert not recorded.files_admitted(known(without("model-version.registered"))).holds
    assert "no file of it is here" in recorded.files_admitted(known(version=HOSTED)).why


def test_the_run_that_made_it_is_one_of_ours_or_it_was_trained_elsewhere() -> None:
    assert "run run-1: logistic-regression" in recorded.made_here(known()).why
    assert not recorded.made_here(known(without("run.finished"))).holds
    assert not recorded.made_here(known(version=HOSTED)).holds
    brought = Run("run-1", "loans", "sha256:x", MANIFEST.recipe, {}, {}, imported="in a cellar")
    assert "in a cellar" in recorded.made_here(known([*without("run.finished"), entry(brought)])).why


def test_a_provider_is_part_of_the_version() -> None:
    assert not recorded.provider_named(known()).holds
    assert recorded.provider_named(known(version=HOSTED)).why.startswith("m-1 at maker")
