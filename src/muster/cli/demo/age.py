"""Act one, age: a credit model that treats people by their age is stopped, and a better one is found and signed off."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from muster.cli.demo.cast import Stage
from muster.cli.demo.narrator import short
from muster.cli.demo.steps import (
    Parts,
    adopt,
    adopt_library,
    adopt_reasons,
    decide,
    first_recipe,
    judge,
    register,
    search,
    take_in,
    train,
    train_best,
)
from muster.records.decision import SETTLED, Decision, Verdict
from muster.records.model import DecisionRule, Favourable, ModelVersion
from muster.records.release import SignedRelease
from muster.wiring import shipped

USE_CASE = "consumer-credit"
FIRST_RULE = DecisionRule(threshold=0.2, favourable=Favourable.BELOW)
"""The first model approves applicants with a predicted risk of default under 20 %."""


@dataclass(frozen=True, slots=True)
class Released:
    """What act one leaves for the gateway."""

    version: ModelVersion
    parts: Parts
    release: SignedRelease


def play(stage: Stage) -> Released | None:
    """Play act one up to the signed release; None if no model of the family passes the gate."""
    tell = stage.narrator
    tell.act(
        "Act one: age",
        "A bank wants a model that grants credit. It must not refuse people for their age.",
        "Data: 30,000 credit-card clients, Taiwan 2005, with the outcome of the next month (UCI, I-C. Yeh, CC BY 4.0).",
    )
    tell.scene("1. What is it for, how much can go wrong, and what must be shown?")
    register(stage, USE_CASE)
    adopt_library(stage)
    adopt(stage, USE_CASE)
    adopt_reasons(stage, USE_CASE)
    tell.scene("2. The data becomes an immutable version, if it keeps its contract")
    table = shipped.upload("data/taiwan_credit_default.parquet")
    parts = take_in(stage, table, "taiwan-credit-default", "taiwan", ("UCI, I-C. Yeh", "CC BY 4.0"))
    _first(stage, parts)
    version = _better(stage, parts)
    return _sign(stage, version, parts)


def _first(stage: Stage, parts: Parts) -> None:
    tell = stage.narrator
    tell.scene("3. A first model, from everything that is known, age included")
    first = train(stage, USE_CASE, parts, first_recipe(USE_CASE), FIRST_RULE)
    decision = judge(stage, first, parts)
    tell.note(
        "first model: everything, age included",
        f"{decision.verdict.value}: {', '.join(open_demands(decision))} not met",
    )


def _better(stage: Stage, parts: Parts) -> ModelVersion:
    tell = stage.narrator
    tell.scene("4. Is there a model that treats ages alike, and is worth as much?")
    found = search(stage, USE_CASE, parts)
    best = found.candidates[0]
    tell.say(
        f"Taken: {best.learner} on {best.feature_set}, threshold {best.threshold:g}. "
        "Held-out rows have not been touched by the search."
    )
    version = train_best(stage, USE_CASE)
    decision = judge(stage, version, parts)
    tell.note(
        "model from the search", f"{decision.verdict.value}: {', '.join(open_demands(decision)) or 'nothing'} open"
    )
    asked = {"version": version.digest, "sample": parts.validation}
    command = f"model profile {short(version.digest)} {short(parts.validation)}"
    tell.call("mia", stage.desks["mia"], command, "model profile", asked)
    return version


def _sign(stage: Stage, version: ModelVersion, parts: Parts) -> Released | None:
    tell = stage.narrator
    tell.scene("5. A person answers for it: not the author")
    _try_alone(stage, version)
    if not _sign_off(stage, version):
        tell.say("The gate does not allow it, so that nothing is signed and nothing can be served.")
        return None
    release: SignedRelease = tell.call(
        "mia", stage.desks["mia"], f"release sign {short(version.digest)}", "release sign", {"version": version.digest}
    )
    tell.say(f"release package {short(release.package)}, good until {release.expires_at:%Y-%m-%d}")
    tell.note("release", f"signed, good until {release.expires_at:%Y-%m-%d}")
    return Released(version, parts, release)


def _try_alone(stage: Stage, version: ModelVersion) -> None:
    tell = stage.narrator
    try:
        command = f"release sign {short(version.digest)}"
        tell.call("mia", stage.desks["mia"], command, "release sign", {"version": version.digest})
    except PermissionError as refused:
        tell.say(*f"refused: {refused}".splitlines())


def _sign_off(stage: Stage, version: ModelVersion) -> bool:
    """Sign off as ana, if only people are missing; return whether the gate allows the version then."""
    from muster.wiring.signing import sign_statement

    tell, ana = stage.narrator, stage.desks["ana"]
    tell.shell("ana", f"sign-off {short(version.digest)} --key ana.pem")
    request = ana.call("approval request", {"version": version.digest, "role": "risk-analyst"}, tell.progress)
    tell.say(*request.text.splitlines()[:3], f"(the statement has the digest {short(request.digest)})")
    envelope = sign_statement(base64.b64decode(request.statement), stage.approver_key)
    ana.call("approval submit", {"envelope": envelope}, tell.progress)
    return decide(stage, version, briefly=True).verdict is Verdict.ALLOW


def open_demands(decision: Decision) -> list[str]:
    """Return the demands of a decision that are neither met nor waived."""
    return [reason.demand for reason in decision.reasons if reason.finding not in SETTLED]
