"""Run: every model of a family is trained, held against the policy, and recorded, best first."""

from __future__ import annotations

from collections.abc import Sequence

from muster.lifecycle.desk.action import action
from muster.lifecycle.desk.asking import find_dataset, library_of, policy_for
from muster.lifecycle.desk.context import Context
from muster.lifecycle.search.bench import Bench, demands_of, settle
from muster.lifecycle.search.space import Bans, Tried, columns_of, recipes_of
from muster.records.codec import encode
from muster.records.data import DatasetRole, DatasetVersion
from muster.records.governance.search import Search, SearchSpace
from muster.records.people import Role
from muster.records.purpose import UseCase
from muster.rules.gate.decide import record_digest
from muster.rules.search.alternatives import front, preference


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
    policy asks of held-out samples. The best has the fewest open demands and broken constraints, then the highest value
    (or AUC). The front names those that none beats in both value and impact ratio.

    Parameters
    ----------
    training, validation
        Digests of dataset versions with these roles. Held-out rows are never touched.
    space
        Feature sets, learners and thresholds to combine, and constraints. No feature set may name a column that the
        policy prohibits or by which it compares groups.
    """
    case: UseCase = context.latest(UseCase, f"use-case:{use_case}")
    policy, _ = policy_for(context, case, environment)
    library, _ = library_of(context, policy)
    demands = demands_of(policy, library)
    learnt_from = _dataset(context, training, DatasetRole.TRAINING)
    data = _dataset(context, validation, DatasetRole.VALIDATION)
    recipes = recipes_of(space)
    Bans.of(demands).refuse(space)
    scored = _scored(context, recipes, learnt_from, data)
    bench = Bench.of(context, case, demands, learnt_from, data)
    context.progress(f"holding {len(scored) * len(space.thresholds)} candidates against {policy.id}")
    candidates = [candidate for tried, scores in scored for candidate in bench.candidates(space, tried, scores)]
    candidates.sort(key=preference)
    found = Search(
        use_case, learnt_from.digest, data.digest, record_digest(policy), tuple(candidates), front(candidates)
    )
    context.record(found)
    return found


def _dataset(context: Context, digest: str, role: DatasetRole) -> DatasetVersion:
    data = find_dataset(context, digest)
    if data.role is not role:
        msg = f"dataset {data.name!r} has the role {data.role.value}, a search needs {role.value} here"
        raise ValueError(msg)
    return data


def _scored(
    context: Context, recipes: Sequence[Tried], training: DatasetVersion, validation: DatasetVersion
) -> list[tuple[Tried, bytes]]:
    """Train all recipes in one worker process; return each as it was trained, with its scores of validation rows."""
    blobs = context.house.blobs
    files = {"training.parquet": blobs.get(training.digest), "validation.parquet": blobs.get(validation.digest)}
    arguments = {
        "recipes": [encode(tried.recipe) for tried in recipes],
        "columns": encode(columns_of(training, recipes)),
    }
    result, made = context.house.executor.run("search", arguments, files, context.progress)
    for tried, found in zip(recipes, result["candidates"], strict=True):
        if "error" in found:
            msg = f"candidate {tried.name} cannot be trained: {found['error']}"
            raise ValueError(msg)
    return [
        (settle(tried, found), made[found["scores"]])
        for tried, found in zip(recipes, result["candidates"], strict=True)
    ]
