from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.columns.packages.lists import NOW, python_names, small

from muster.columns.packages.judging.judge import Judge
from muster.columns.packages.names import Lists
from muster.columns.packages.reference import Means, Reference
from muster.columns.packages.verdict import Judgement
from muster.records.language.packages import Action, Ecosystem, PackageRules, Verdict


def named(name: str, means: Means = Means.COMMAND, kind: Ecosystem = Ecosystem.PYPI, **more: Any) -> Reference:
    return Reference(kind, means, name, name, 0, len(name), 1, **more)


def judged(reference: Reference, lists: Lists | None = None, own: tuple[str, ...] = (), **rules: Any) -> Judgement:
    return Judge(lists or small(), PackageRules(**rules), NOW).judge(reference, own)


@pytest.mark.parametrize(
    ("name", "verdict", "distribution"),
    [
        ("Requests", Verdict.FINE, "requests"),
        ("scikit_learn", Verdict.FINE, "scikit-learn"),
        ("fancy-http-x", Verdict.NONEXISTENT, ""),
        ("sklearn", Verdict.IMPORT_NAME, "scikit-learn"),
        ("cv2", Verdict.IMPORT_NAME, "opencv-python"),
        ("json", Verdict.STANDARD_LIBRARY, ""),
        ("obscure-thing", Verdict.OBSCURE, "obscure-thing"),
        ("plain-thing", Verdict.OBSCURE, "plain-thing"),
        ("brand-new-thing", Verdict.TOO_NEW, "brand-new-thing"),
        ("gone-thing", Verdict.REMOVED, "gone-thing"),
        ("held-thing", Verdict.QUARANTINED, "held-thing"),
        ("your-package", Verdict.PLACEHOLDER, ""),
        ("requ\u200bests", Verdict.INVISIBLE, ""),
        ("r\u0435quests", Verdict.HOMOGLYPH, "requests"),
    ],
)
def test_names_to_install_by(name: str, verdict: Verdict, distribution: str) -> None:
    found = judged(named(name))
    assert (found.verdict, found.distribution) == (verdict, distribution)
    assert found.action is PackageRules().action(verdict)
    assert found.digest == small().names[Ecosystem.PYPI].digest


@pytest.mark.parametrize(
    ("name", "verdict", "distribution"),
    [
        ("sklearn.svm", Verdict.FINE, "scikit-learn"),
        ("PIL", Verdict.FINE, "pillow"),
        ("numpy.linalg", Verdict.FINE, "numpy"),
        ("dotenv", Verdict.FINE, "python-dotenv"),
        ("opentelemetry.sdk.trace", Verdict.FINE, "opentelemetry-sdk"),
        ("airflow.operators", Verdict.FINE, "apache-airflow"),
        ("json", Verdict.BUILT_IN, ""),
        ("urllib2", Verdict.BUILT_IN, ""),
        ("utils", Verdict.GENERIC, ""),
        ("my_module", Verdict.PLACEHOLDER, ""),
        ("x_pb2", Verdict.FIRST_PARTY, ""),
        ("obscure_thing", Verdict.OBSCURE, "obscure-thing"),
        ("fastnlp_toolkit", Verdict.NONEXISTENT, ""),
        ("google.cloud.nothing_here", Verdict.NONEXISTENT, ""),
        ("google", Verdict.GENERIC, ""),
    ],
)
def test_names_to_import_by(name: str, verdict: Verdict, distribution: str) -> None:
    found = judged(named(name, Means.IMPORT))
    assert (found.verdict, found.distribution) == (verdict, distribution)


@pytest.mark.parametrize(
    ("name", "means", "verdict"),
    [
        ("react", Means.IMPORT, Verdict.FINE),
        ("@types/node", Means.COMMAND, Verdict.FINE),
        ("fs", Means.IMPORT, Verdict.BUILT_IN),
        ("node:test", Means.IMPORT, Verdict.BUILT_IN),
        ("fs", Means.COMMAND, Verdict.STANDARD_LIBRARY),
        ("components", Means.IMPORT, Verdict.GENERIC),
        ("react-magic-x", Means.COMMAND, Verdict.NONEXISTENT),
        ("obscure-js-thing", Means.COMMAND, Verdict.OBSCURE),
    ],
)
def test_names_of_npm(name: str, means: Means, verdict: Verdict) -> None:
    assert judged(named(name, means, Ecosystem.NPM)).verdict is verdict


def test_every_part_of_a_namespace_that_is_imported_must_be_known() -> None:
    known = named("google.cloud", Means.IMPORT, members=("storage",))
    assert judged(known).verdict is Verdict.FINE
    assert judged(replace(known, members=("storage", "nothing_here"))).verdict is Verdict.NONEXISTENT


def test_a_name_missing_from_a_partial_or_stale_list_is_unknown_never_nonexistent() -> None:
    missing = named("fancy-http-x")
    assert judged(missing, small(complete=False)).verdict is Verdict.UNKNOWN
    stale = small(taken_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert judged(missing, stale).verdict is Verdict.UNKNOWN
    assert judged(missing, stale, maximum_list_age_days=400).verdict is Verdict.NONEXISTENT
    nothing = Lists({}, small().imports)
    assert judged(missing, nothing).verdict is Verdict.UNKNOWN
    assert judged(missing, nothing).digest == ""


def test_conda_names_without_a_list_are_fine_or_unknown() -> None:
    assert judged(named("numpy", kind=Ecosystem.CONDA)).verdict is Verdict.FINE
    assert judged(named("r-base", kind=Ecosystem.CONDA)).verdict is Verdict.UNKNOWN
    own = python_names()
    listed = Lists({Ecosystem.CONDA: replace(own, ecosystem=Ecosystem.CONDA)}, small().imports)
    assert judged(named("r-base", kind=Ecosystem.CONDA), listed).verdict is Verdict.NONEXISTENT


def test_what_a_policy_lists_goes_before_what_the_index_says() -> None:
    assert judged(named("fancy-http-x"), allowed=("Fancy_HTTP.x",)).verdict is Verdict.FINE
    assert judged(named("requests"), denied=("pypi:requests",)).verdict is Verdict.DENIED
    assert judged(named("requests"), denied=("npm:requests",)).verdict is Verdict.FINE
    assert judged(named("acme.billing", Means.IMPORT), first_party=("acme",)).verdict is Verdict.FIRST_PARTY
    scoped = named("@acme/ui", kind=Ecosystem.NPM)
    assert judged(scoped, first_party=("@acme",)).verdict is Verdict.FIRST_PARTY
    assert judged(named("billing", Means.IMPORT), own=("billing",)).verdict is Verdict.FIRST_PARTY


def test_an_address_must_be_one_that_the_policy_names() -> None:
    away = named("requests", index="https://index.example/simple")
    assert judged(away).verdict is Verdict.INDEX_OVERRIDE
    assert judged(away, indexes=("https://index.example",)).verdict is Verdict.FINE
    assert judged(away, indexes=("https://index.ex",)).verdict is Verdict.INDEX_OVERRIDE


def test_licences_are_judged_by_their_expression() -> None:
    accepted = {"licences": ("MIT", "Apache-2.0")}
    assert judged(named("copyleft-thing"), **accepted).verdict is Verdict.LICENCE
    assert judged(named("rich"), **accepted).verdict is Verdict.FINE
    assert judged(named("numpy"), **accepted).verdict is Verdict.FINE


def test_a_little_used_name_beside_a_popular_one_is_a_near_miss() -> None:
    ranks = {**python_names().ranks, "requestz": None}
    found = judged(named("requestz"), small(ranks=ranks))
    assert (found.verdict, found.suggestion) == (Verdict.NEAR_MISS, "requests")
    assert judged(named("requestz"), small(ranks=ranks), popular=0).verdict is Verdict.OBSCURE


def test_what_is_not_there_comes_with_what_may_be_meant() -> None:
    found = judged(named("requestss"))
    assert (found.verdict, found.suggestion) == (Verdict.NONEXISTENT, "requests")
    assert "did you mean requests?" in found.explanation


def test_the_action_is_that_of_the_policy() -> None:
    assert judged(named("fancy-http-x"), actions={"nonexistent": Action.ANNOTATE}).action is Action.ANNOTATE


def test_a_placeholder_that_somebody_registered_is_judged_by_the_list() -> None:
    names = python_names()
    taken = Lists({Ecosystem.PYPI: replace(names, ranks={**names.ranks, "my-company-auth": None})}, small().imports)
    assert judged(named("my-company-auth")).verdict is Verdict.PLACEHOLDER
    assert judged(named("my-company-auth"), taken).verdict is Verdict.OBSCURE
