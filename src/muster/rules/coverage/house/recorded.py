"""What records say of a version's origin, worth and data."""

from __future__ import annotations

from muster.records.evidence import Outcome
from muster.records.model import ModelFormat
from muster.rules.coverage.house.known import Known, Shown, lacking, shown
from muster.rules.gate.measured import WINDOW

REMOTE = frozenset({ModelFormat.HOSTED, ModelFormat.OIP})
"""Forms of which no file is here."""


def valued(known: Known) -> Shown:
    """Tell whether value and goal were stated with the use case."""
    case = known.use_case
    if case.value is None:
        return lacking(f"{case.id} says not what outcomes are worth; its goal is {case.kpi} {case.kpi_target:g}")
    return shown(f"goal {case.kpi} {case.kpi_target:g}; outcomes are valued in {case.value.currency}")


def data_named(known: Known) -> Shown:
    """Tell whether what was learnt from is a version of a dataset, with origin and licence."""
    data = known.training
    if data is None:
        return lacking("the data that it learnt from are not recorded here")
    if missing := [name for name in ("source", "licence") if not getattr(data, name).strip()]:
        return lacking(f"{data.name} says nothing of its {' and '.join(missing)}")
    return shown(f"learnt from {data.name} ({data.rows:,} rows), from {data.source}, under {data.licence}")


def alternatives_sought(known: Known) -> Shown:
    """Tell whether a search for less discriminatory alternatives is on record."""
    if not known.searches:
        return lacking(f"no search is recorded for {known.use_case.id} (muster model search)")
    return shown(f"{known.searches} recorded for {known.use_case.id}")


def fair_in_production(known: Known) -> Shown:
    """Tell whether fairness was measured on windows of live traffic, and not too long ago."""
    return _on_windows(known, "fairness.", "fairness")


def windows_measured(known: Known) -> Shown:
    """Tell whether something was measured on windows of the log, and not too long ago."""
    return _on_windows(known, "", "anything")


def files_admitted(known: Known) -> Shown:
    """Tell whether the version was registered in a form that is read by a list."""
    form = known.version.manifest.format
    if form in REMOTE:
        return lacking(f"no file of it is here ({form.value}): what runs elsewhere cannot be read")
    if not known.facts.versions:
        return lacking("it is not registered")
    return shown(f"registered as {form.value}, whose files are read by an exact list of types or hold data only")


def made_here(known: Known) -> Shown:
    """Tell whether the run that made it was one of ours, with data, recipe and libraries."""
    wanted = known.version.run
    run = next((fact.record for fact in known.facts.runs if fact.record.id == wanted), None)
    if run is None:
        return lacking("the run that made it is not recorded")
    if run.imported or known.version.manifest.format in REMOTE:
        return lacking(f"trained elsewhere, as its owner says: {run.imported or 'at a provider'}")
    return shown(f"run {run.id}: {run.recipe.learner}, seed {run.recipe.seed}, {len(run.environment)} libraries named")


def provider_named(known: Known) -> Shown:
    """Tell whether the provider and the model there are part of what was approved."""
    hosted = known.version.manifest.hosted
    if hosted is None:
        return lacking("it is no model of a provider")
    return shown(f"{hosted.model} at {hosted.provider}: another is another version, to be approved anew")


def _on_windows(known: Known, family: str, words: str) -> Shown:
    found = [
        fact
        for fact in known.facts.evidence
        if fact.record.sample_role == WINDOW
        and fact.record.check.startswith(family)
        and fact.record.outcome is Outcome.MEASURED
    ]
    if not found:
        return lacking(f"nobody measured {words} on windows of live traffic yet (muster monitor window)")
    newest = max(fact.at for fact in found)
    age, allowed = (known.decision.at - newest).total_seconds() / 86_400, known.policy.maximum_evidence_age_days
    if age >= allowed:
        return lacking(f"last measured on {newest:%Y-%m-%d}, more than {allowed:g} days ago")
    return shown(f"{len(found)} measurements, the newest of {newest:%Y-%m-%d}")
