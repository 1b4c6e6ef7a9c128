"""Search: a family of models is tried on validation rows, for one that is less discriminatory and worth more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from muster.lifecycle.desk.action import action
from muster.lifecycle.desk.asking import find_dataset, library_of, policy_for
from muster.lifecycle.desk.context import Context
from muster.records.codec import encode
from muster.records.data import Column, DatasetRole, DatasetVersion
from muster.records.decision import Finding
from muster.records.evidence import Figure
from muster.records.model import Candidate, DecisionRule, Recipe, Search, SearchSpace
from muster.records.people import Role
from muster.records.policy import Control, Library, Policy, Requirement
from muster.records.purpose import UseCase
from muster.rules.gate.decide import parameters_of, record_digest
from muster.rules.gate.limits import judge

if TYPE_CHECKING:
    import pyarrow as pa

    from muster.columns.sample import Sample

IMPACT_RATIO = "impact_ratio"
MOST_CANDIDATES = 1000


@dataclass(frozen=True, slots=True)
class _Bench:
    """What every candidate is held against."""

    use_case: UseCase
    demands: tuple[tuple[Control, Requirement], ...]
    data: DatasetVersion
    table: pa.Table


@action("model search", roles=(Role.ML_ENGINEER, Role.VALIDATOR))
def search(
    context: Context,
    use_case: str,
    training: str,
    validation: str,
    space: SearchSpace,
    environment: str = "production",
) -> Search:
    """Try a family of models for a less discriminatory alternative; record all that was tried, best first.

    Each candidate is trained on the training rows and held, on the validation rows, against every control that the
    policy asks of held-out samples. The best has the fewest open demands, then the highest value (or AUC).

    Parameters
    ----------
    training, validation
        Digests of dataset versions with these roles. Held-out rows are never touched.
    space
        Feature sets, learners and thresholds to combine.
    """
    case: UseCase = context.latest(UseCase, f"use-case:{use_case}")
    policy, _ = policy_for(context, case, environment)
    library, _ = library_of(context, policy)
    learnt_from = _dataset(context, training, DatasetRole.TRAINING)
    bench = _bench(context, case, policy, library, _dataset(context, validation, DatasetRole.VALIDATION))
    recipes = _recipes(space)
    scores = _scored(context, recipes, learnt_from, bench.data)
    candidates = [
        candidate
        for (names, recipe), scored in zip(recipes, scores, strict=True)
        for candidate in _at_thresholds(space, names, recipe, scored, bench)
    ]
    candidates.sort(key=_preference)
    found = Search(use_case, learnt_from.digest, bench.data.digest, record_digest(policy), tuple(candidates))
    context.record(found)
    return found


def _preference(candidate: Candidate) -> tuple[int, float, float]:
    worth = candidate.value if candidate.value is not None else candidate.auc
    return len(candidate.open_demands), -worth, -candidate.auc


def _bench(context: Context, case: UseCase, policy: Policy, library: Library, data: DatasetVersion) -> _Bench:
    from muster.columns.tables import from_parquet

    demands = tuple(
        (control, requirement)
        for requirement in policy.requirements
        if (control := library.control(requirement.control)) and requirement.sample_role == DatasetRole.HELD_OUT.value
    )
    return _Bench(case, demands, data, from_parquet(context.house.blobs.get(data.digest)))


def _dataset(context: Context, digest: str, role: DatasetRole) -> DatasetVersion:
    data = find_dataset(context, digest)
    if data.role is not role:
        msg = f"dataset {data.name!r} has the role {data.role.value}, a search needs {role.value} here"
        raise ValueError(msg)
    return data


def _recipes(space: SearchSpace) -> list[tuple[tuple[str, str], Recipe]]:
    recipes = [
        (
            (features, learner.name),
            Recipe(learner.learner, inputs, space.target, space.positive, learner.parameters, space.seed),
        )
        for features, inputs in space.feature_sets.items()
        for learner in space.learners
    ]
    if not 0 < len(recipes) * len(space.thresholds) <= MOST_CANDIDATES:
        msg = (
            f"the search space holds {len(recipes) * len(space.thresholds)} candidates; it needs 1 to {MOST_CANDIDATES}"
        )
        raise ValueError(msg)
    return recipes


def _scored(
    context: Context,
    recipes: Sequence[tuple[tuple[str, str], Recipe]],
    training: DatasetVersion,
    validation: DatasetVersion,
) -> list[bytes]:
    """Train every recipe in one worker process; return its scores of the validation rows."""
    blobs = context.house.blobs
    files = {"training.parquet": blobs.get(training.digest), "validation.parquet": blobs.get(validation.digest)}
    arguments = {
        "recipes": [encode(recipe) for _, recipe in recipes],
        "columns": encode(_columns(training, recipes)),
    }
    result, made = context.house.executor.run("search", arguments, files, context.progress)
    for (names, _), found in zip(recipes, result["candidates"], strict=True):
        if "error" in found:
            msg = f"candidate {' with '.join(names)} cannot be trained: {found['error']}"
            raise ValueError(msg)
    return [made[found["scores"]] for found in result["candidates"]]


def _columns(training: DatasetVersion, recipes: Sequence[tuple[tuple[str, str], Recipe]]) -> tuple[Column, ...]:
    wanted = {name for _, recipe in recipes for name in recipe.inputs}
    if missing := sorted(wanted - {column.name for column in training.columns}):
        msg = f"dataset {training.name!r} has no column {', '.join(missing)}, which the search space names"
        raise ValueError(msg)
    return tuple(column for column in training.columns if column.name in wanted)


def _at_thresholds(
    space: SearchSpace, names: tuple[str, str], recipe: Recipe, scores: bytes, bench: _Bench
) -> Iterator[Candidate]:
    from muster.columns.sample import Sample
    from muster.columns.tables import read_scores

    first = DecisionRule(space.thresholds[0], space.favourable, space.favourable_label, space.adverse_label)
    sample = Sample.of(
        bench.table, read_scores(scores), first, name=bench.data.name, digest=bench.data.digest,
        role=bench.data.role.value, inputs=recipe.inputs, target=recipe.target, positive=recipe.positive,
    )  # fmt: skip
    for threshold in space.thresholds:
        rule = replace(first, threshold=threshold)
        yield _candidate(names, recipe, replace(sample, rule=rule), bench)


def _candidate(names: tuple[str, str], recipe: Recipe, sample: Sample, bench: _Bench) -> Candidate:
    from muster.checks.registry import measure
    from muster.columns.value import value_per_decision

    figures: list[Figure] = []
    open_demands: list[str] = []
    for control, requirement in bench.demands:
        measured = measure(control.check, sample, parameters_of(control, requirement)).figures
        figures += measured
        limit = control.limit if requirement.limit is None else replace(control.limit, value=requirement.limit)
        if judge(limit, measured)[0] is not Finding.MET:
            open_demands.append(control.id)
    ratios = [figure for figure in figures if figure.name == IMPACT_RATIO]
    worst = min(ratios, key=lambda figure: figure.value, default=None)
    auc = next(
        (figure.value for figure in measure("performance.discrimination", sample, {}).figures if figure.name == "auc"),
        0.5,
    )
    value = value_per_decision(sample, bench.use_case.value) if bench.use_case.value else None
    return Candidate(
        *names, sample.rule.threshold, auc, value, worst.value if worst else None, worst.low if worst else None,
        worst.group if worst else "", tuple(open_demands), recipe, sample.rule,
    )  # fmt: skip
