"""Bench: where every candidate of a search is held, on validation rows, against what the policy demands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from muster.lifecycle.desk.context import Context
from muster.lifecycle.search.space import Tried
from muster.records.data import DatasetRole, DatasetVersion
from muster.records.decision import Finding
from muster.records.evidence import Figure, Measurement, Outcome
from muster.records.governance.search import Candidate, SearchSpace
from muster.records.model import DecisionRule
from muster.records.policy import Control, Library, Policy, Requirement
from muster.records.purpose import UseCase
from muster.rules.gate.decide import parameters_of
from muster.rules.gate.limits import judge
from muster.rules.search.alternatives import broken

if TYPE_CHECKING:
    import pyarrow as pa

    from muster.columns.rescoring import Companion
    from muster.columns.sample import Sample

IMPACT_RATIO = "impact_ratio"

SAME_FOR_ALL = "data."
"""Checks of this family look at rows and inputs, never at scores: they are measured once for each set of inputs."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What every candidate is held against; build it with :meth:`of`."""

    use_case: UseCase
    demands: tuple[tuple[Control, Requirement], ...]
    data: DatasetVersion
    table: pa.Table
    learnt_from: Companion
    known: dict[tuple[str, tuple[str, ...]], Measurement] = field(default_factory=dict)
    """What was measured for all candidates with the same inputs."""

    @classmethod
    def of(
        cls,
        context: Context,
        use_case: UseCase,
        demands: tuple[tuple[Control, Requirement], ...],
        training: DatasetVersion,
        validation: DatasetVersion,
    ) -> Bench:
        """Read the rows."""
        from muster.columns.rescoring import Companion
        from muster.columns.tables import from_parquet

        blobs = context.house.blobs
        beside = from_parquet(blobs.get(training.digest))
        learnt_from = Companion.of(beside, name=training.name, digest=training.digest, role=training.role.value)
        return cls(use_case, demands, validation, from_parquet(blobs.get(validation.digest)), learnt_from)

    def candidates(self, space: SearchSpace, tried: Tried, scores: bytes) -> Iterator[Candidate]:
        """Hold a trained recipe against the demands at every threshold; raise ValueError if it cannot be ranked."""
        from muster.columns.sample import Sample
        from muster.columns.tables import read_scores

        recipe = tried.recipe
        first = DecisionRule(space.thresholds[0], space.favourable, space.favourable_label, space.adverse_label)
        sample = Sample.of(
            self.table, read_scores(scores), first, name=self.data.name, digest=self.data.digest,
            role=self.data.role.value, inputs=recipe.inputs, target=recipe.target, positive=recipe.positive,
            weights=self.data.weight or None, time=self.data.time,
        ).beside(companion=self.learnt_from, value=self.use_case.value)  # fmt: skip
        auc = _auc(tried, sample)
        for threshold in space.thresholds:
            rule = replace(first, threshold=threshold)
            candidate = self._candidate(tried, auc, replace(sample, rule=rule))
            yield replace(candidate, broken=tuple(broken(candidate, space.constraints)))

    def _candidate(self, tried: Tried, auc: float, sample: Sample) -> Candidate:
        from muster.columns.value import value_per_decision

        figures: list[Figure] = []
        open_demands: list[str] = []
        unmeasured: list[str] = []
        for control, requirement in self.demands:
            measured = self._measure(control, requirement, sample)
            figures += measured.figures
            limit = control.limit if requirement.limit is None else replace(control.limit, value=requirement.limit)
            if measured.outcome is not Outcome.MEASURED:
                unmeasured.append(control.id)
            elif judge(limit, measured.figures)[0] is not Finding.MET:
                open_demands.append(control.id)
        ratios = [figure for figure in figures if figure.name == IMPACT_RATIO]
        worst = min(ratios, key=lambda figure: figure.value, default=None)
        value = value_per_decision(sample, self.use_case.value) if self.use_case.value else None
        return Candidate(
            tried.feature_set, tried.learner, sample.rule.threshold, auc, value, worst.value if worst else None,
            worst.low if worst else None, worst.group if worst else "", tuple(open_demands), tried.recipe, sample.rule,
            tuple(unmeasured), float(sample.favourable.mean()),
        )  # fmt: skip

    def _measure(self, control: Control, requirement: Requirement, sample: Sample) -> Measurement:
        from muster.checks.registry import measure

        parameters = parameters_of(control, requirement)
        if not control.check.startswith(SAME_FOR_ALL):
            return measure(control.check, sample, parameters)
        key = (f"{control.id} {sorted(parameters.items())}", sample.inputs)
        if key not in self.known:
            self.known[key] = measure(control.check, sample, parameters)
        return self.known[key]


def demands_of(policy: Policy, library: Library) -> tuple[tuple[Control, Requirement], ...]:
    """Return what a policy demands of held-out samples: candidates are held against it on validation rows."""
    return tuple(
        (control, requirement)
        for requirement in policy.requirements
        if (control := library.control(requirement.control)) and requirement.sample_role == DatasetRole.HELD_OUT.value
    )


def settle(tried: Tried, found: Mapping[str, object]) -> Tried:
    """Return a recipe with every parameter that its training used, as the worker told them."""
    parameters = found["parameters"]
    if not isinstance(parameters, dict):
        msg = f"the worker does not say with which parameters it trained {tried.name}: nothing was recorded"
        raise ValueError(msg)
    return replace(tried, recipe=replace(tried.recipe, parameters=parameters))


def _auc(tried: Tried, sample: Sample) -> float:
    from muster.checks.registry import measure

    measured = measure("performance.discrimination", sample, {})
    for figure in measured.figures:
        if figure.name == "auc":
            return figure.value
    msg = f"candidate {tried.name} cannot be ranked on {sample.name!r}: {measured.reason}"
    raise ValueError(msg)
