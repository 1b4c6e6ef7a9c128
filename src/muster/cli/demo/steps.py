"""Steps of both stories: rules adopted, data taken in, models trained, assessed, compiled, and the gate asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from muster.cli.demo.cast import Stage
from muster.cli.demo.narrator import short
from muster.lifecycle.desk.action import Upload
from muster.lifecycle.intake import TieredUseCase
from muster.records.codec import encode
from muster.records.data import DataContract, DatasetVersion
from muster.records.decision import Decision
from muster.records.governance.search import Search, SearchSpace
from muster.records.model import Compilation, DecisionRule, ModelVersion, Recipe
from muster.records.policy import Library, Policy, ReasonMap
from muster.records.purpose import UseCase
from muster.wiring import shipped


@dataclass(frozen=True, slots=True)
class Parts:
    """The three parts of a data set, by digest."""

    training: str
    validation: str
    held_out: str


def register(stage: Stage, name: str) -> None:
    """Register the use case, and say what its facts make of it."""
    found: TieredUseCase = stage.narrator.call(
        "mia",
        stage.desks["mia"],
        f"use-case register {name}.yaml",
        "use-case register",
        {"use_case": shipped.value(UseCase, f"stories/{name}.yaml")},
    )
    stage.narrator.say(f"risk tier: {found.tier}, because " + "; ".join(found.reasons))


def adopt_library(stage: Stage) -> None:
    """Adopt the library of controls."""
    library = shipped.value(Library, "controls/controls.yaml")
    stage.narrator.call("ana", stage.desks["ana"], "library adopt controls.yaml", "library adopt", {"library": library})


def adopt(stage: Stage, name: str) -> None:
    """Adopt a policy, in the words of its own statement."""
    adopted: Policy = stage.narrator.call(
        "ana",
        stage.desks["ana"],
        f"policy adopt {name}.yaml",
        "policy adopt",
        {"policy": shipped.value(Policy, f"policies/{name}.yaml")},
    )
    stage.narrator.say(adopted.statement)


def adopt_reasons(stage: Stage, name: str) -> None:
    """Adopt what refused people are told."""
    adopted: ReasonMap = stage.narrator.call(
        "ana",
        stage.desks["ana"],
        f"reason-map adopt {name}-reasons.yaml",
        "reason-map adopt",
        {"reasons": shipped.value(ReasonMap, f"reasons/{name}.yaml")},
    )
    nameable = sum(factor.nameable for factor in adopted.factors)
    stage.narrator.say(
        f"{nameable} factors have words that a refused person may be told; {adopted.most} at most each time"
    )


SHARES = (0.5, 0.2, 0.3)
"""Training, validation, held-out."""

SEED = 20261123
"""Decides which row goes where. It was fixed, as the controls were, before anybody saw a figure of this split."""


def take_in(
    stage: Stage,
    table: Upload,
    contract: str,
    name: str,
    origin: tuple[str, str],
    shares: tuple[float, float, float] = SHARES,
) -> Parts:
    """Snapshot a table, with its source and licence, as an immutable version and split it."""
    source, licence = origin
    mia = stage.desks["mia"]
    asked = {
        "table": table,
        "contract": shipped.value(DataContract, f"contracts/{contract}.yaml"),
        "name": name,
        "source": source,
        "licence": licence,
    }
    command = f"dataset snapshot {table.name} {contract}.yaml {name} ..."
    kept: DatasetVersion = stage.narrator.call("mia", mia, command, "dataset snapshot", asked)
    stage.narrator.say(f"{kept.rows:,} rows keep the contract; version {short(kept.digest)}; {source} ({licence})")
    training, validation, held_out = shares
    parts = f"--training {training} --validation {validation} --held-out {held_out} --seed {SEED}"
    command = f"dataset split {short(kept.digest)} {parts}"
    asked = {"dataset": kept.digest, "training": training, "validation": validation, "held_out": held_out, "seed": SEED}
    made = stage.narrator.call("mia", mia, command, "dataset split", asked)
    return Parts(*(part.digest for part in made))


def train(stage: Stage, use_case: str, parts: Parts, recipe: Any, rule: DecisionRule) -> ModelVersion:
    """Train, track and register a model version."""
    asked = {
        "use_case": use_case,
        "model": use_case,
        "training": parts.training,
        "recipe": recipe,
        "decision": encode(rule),
    }
    command = f"model train {use_case} {use_case} {short(parts.training)} recipe.yaml decision.yaml"
    version: ModelVersion = stage.narrator.call("mia", stage.desks["mia"], command, "model train", asked)
    stage.narrator.say(f"version {short(version.digest)}, tracked as {version.registry}")
    return version


def train_best(stage: Stage, use_case: str) -> ModelVersion:
    """Train the best candidate of the newest search, as it stands in the ledger."""
    asked = {"use_case": use_case, "model": use_case}
    command = f"model train-candidate {use_case} {use_case}"
    version: ModelVersion = stage.narrator.call("mia", stage.desks["mia"], command, "model train-candidate", asked)
    stage.narrator.say(f"version {short(version.digest)}, tracked as {version.registry}")
    return version


def first_recipe(name: str) -> Any:
    """Return the recipe of a story's first model."""
    return shipped.value(Recipe, f"stories/{name}-first.yaml")


def judge(stage: Stage, version: ModelVersion, parts: Parts) -> Decision:
    """Compile with proof, assess on held-out rows, and ask the gate; some checks ask the compiled form."""
    mia, tell = stage.desks["mia"], stage.narrator
    digest = version.digest
    about = {"version": digest, "sample": parts.held_out}
    proof: Compilation = tell.call(
        "mia", mia, f"model compile {short(digest)} {short(parts.held_out)}", "model compile", about
    )
    tell.say(
        f"served form {short(proof.served)}: {proof.decisions_differing} of {proof.rows:,} decisions differ "
        f"({proof.adversarial_rows:,} rows made to break it)"
    )
    tell.call("mia", mia, f"model assess {short(digest)} {short(parts.held_out)}", "model assess", about)
    return decide(stage, version)


def decide(stage: Stage, version: ModelVersion, *, briefly: bool = False) -> Decision:
    """Ask the gate, record its decision, and show it as the command line does, or only the verdict and who signed."""
    from muster.cli.render.decisions import render

    digest = version.digest
    decision: Decision = stage.narrator.call(
        "mia", stage.desks["mia"], f"gate decide {short(digest)}", "gate decide", {"version": digest}
    )
    if not briefly:
        render(decision, stage.narrator.console)
        return decision
    signed = [reason.explanation for reason in decision.reasons if reason.demand.startswith("sign-off:")]
    stage.narrator.say(f"{decision.verdict.value}: all {len(decision.reasons)} demands are met; {'; '.join(signed)}")
    return decision


def search(stage: Stage, name: str, parts: Parts) -> Search:
    """Search the family of models for a less discriminatory one, on validation rows only."""
    asked = {
        "use_case": name,
        "training": parts.training,
        "validation": parts.validation,
        "space": shipped.value(SearchSpace, f"stories/{name}-search.yaml"),
    }
    command = f"model search {name} {short(parts.training)} {short(parts.validation)} {name}-search.yaml"
    found: Search = stage.narrator.call("mia", stage.desks["mia"], command, "model search", asked)
    _show_candidates(stage, found)
    return found


def _show_candidates(stage: Stage, found: Search, most: int = 6) -> None:
    columns = ("features", "learner", "threshold", "AUC", "value", "lowest impact ratio", "open demands")
    rows = [
        (
            candidate.feature_set,
            candidate.learner,
            f"{candidate.threshold:g}",
            f"{candidate.auc:.3f}",
            "not stated" if candidate.value is None else f"{candidate.value:,.0f}",
            f"{_ratio(candidate.impact_ratio, candidate.impact_ratio_low)} {candidate.group}",
            str(len(candidate.open_demands)),
        )
        for candidate in found.candidates[:most]
    ]
    stage.narrator.table(
        f"The best {len(rows)} of {len(found.candidates)} candidates, on validation rows", columns, rows
    )
    still_open = ", ".join(found.candidates[0].open_demands) or "none"
    stage.narrator.say(f"demands that the best would leave open on these rows: {still_open}")
    if later := found.candidates[0].unmeasured:
        stage.narrator.say(f"not measured in the search, left to the assessment: {', '.join(later)}")


def _ratio(value: float | None, low: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.3f}" if low is None else f"{value:.3f} (from {low:.3f})"
