"""Space: the recipes of a family, and what no family may hold: inputs that decide by a protected attribute."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from muster.lifecycle.desk.models.columns import require_thresholds
from muster.records.data import Column, DatasetVersion
from muster.records.governance.search import SearchSpace
from muster.records.model import Recipe
from muster.records.policy import Control, Requirement
from muster.rules.gate.decide import parameters_of
from muster.rules.search.alternatives import constraint_fault

MOST_CANDIDATES = 1000

ATTRIBUTES = ("attribute", "cross", "sex", "race", "probabilities")
"""Parameters by which checks of fairness name the attributes that people are grouped by, or likely membership."""

PROHIBITED = ("prohibited", "restricted")
"""Parameters by which checks of the data name columns that a model may not read."""

MAY_READ = "fairness.elderly"
"""Regulation B lets a sound system read age: this check is about models that do."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A recipe of a family, by the names of its feature set and learner."""

    feature_set: str
    learner: str
    recipe: Recipe

    @property
    def name(self) -> str:
        """How messages call it."""
        return f"{self.feature_set} with {self.learner}"


@dataclass(frozen=True, slots=True)
class Bans:
    """Patterns of columns that no candidate may read, each with the control that says so."""

    reasons: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, demands: Sequence[tuple[Control, Requirement]]) -> Bans:
        """Collect what a policy's controls prohibit, and the attributes that its controls of fairness name."""
        reasons: dict[str, str] = {}
        for control, requirement in demands:
            for pattern in _named(control, parameters_of(control, requirement)):
                reasons.setdefault(pattern, control.id)
        return cls(reasons)

    def refuse(self, space: SearchSpace) -> None:
        """Raise ValueError naming every input of a space that is banned, and by which control."""
        from muster.checks.fairness.prohibited_inputs import matches

        found = {
            name: control
            for pattern, control in self.reasons.items()
            for inputs in space.feature_sets.values()
            for name in matches(inputs, pattern)
        }
        if found:
            told = ", ".join(f"{name} (control {control})" for name, control in found.items())
            msg = (
                f"the search space reads {told}: a model that needs a protected attribute to decide is no less "
                "discriminatory alternative; leave it out of every feature set"
            )
            raise ValueError(msg)


def recipes_of(space: SearchSpace) -> tuple[Tried, ...]:
    """Return the recipes of a family; raise ValueError if it holds no candidate, too many, or a faulty constraint."""
    if fault := constraint_fault(space.constraints):
        msg = f"the search space's constraints: {fault}"
        raise ValueError(msg)
    require_thresholds(*space.thresholds)
    made = tuple(
        Tried(
            features,
            learner.name,
            Recipe(learner.learner, inputs, space.target, space.positive, learner.parameters, space.seed),
        )
        for features, inputs in space.feature_sets.items()
        for learner in space.learners
    )
    count = len(made) * len(space.thresholds)
    if not 0 < count <= MOST_CANDIDATES:
        msg = f"the search space holds {count} candidates; it needs 1 to {MOST_CANDIDATES}"
        raise ValueError(msg)
    return made


def columns_of(training: DatasetVersion, recipes: Sequence[Tried]) -> tuple[Column, ...]:
    """Return the training columns that any recipe reads; raise ValueError naming those that are not there."""
    wanted = {name for tried in recipes for name in tried.recipe.inputs}
    if missing := sorted(wanted - {column.name for column in training.columns}):
        msg = f"dataset {training.name!r} has no column {', '.join(missing)}, which the search space names"
        raise ValueError(msg)
    return tuple(column for column in training.columns if column.name in wanted)


def _named(control: Control, parameters: Mapping[str, object]) -> Iterator[str]:
    if control.check == "fairness.prohibited_inputs":
        keys: tuple[str, ...] = ("columns",)
    elif control.check == "data.columns":
        keys = PROHIBITED
    elif control.check.startswith("fairness.") and control.check != MAY_READ:
        keys = ATTRIBUTES
    else:
        return
    for key in keys:
        yield from _listed(parameters.get(key, ()))


def _listed(value: object) -> Iterator[str]:
    """Yield the names in a parameter: one name, a list of them, or a mapping of groups to columns."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from map(str, value.values())
    elif isinstance(value, (list, tuple)):
        yield from map(str, value)
