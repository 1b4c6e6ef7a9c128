"""The second story, first half: a real language model is hosted, asked, refused, excused in writing, and released."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from muster.cli.demo.cast import Stage
from muster.cli.demo.narrator import short
from muster.cli.demo.steps import adopt, adopt_library, decide, register
from muster.cli.render.language.answers import canary as show_canary
from muster.cli.render.language.answers import probe as show_probe
from muster.lifecycle.language.canary import CanaryRun
from muster.lifecycle.language.probe import Probe
from muster.records.decision import Verdict
from muster.records.language.hosted import HostedModel
from muster.records.language.prompts import PromptSet
from muster.records.model import ModelVersion
from muster.records.release import SignedRelease
from muster.wiring import shipped

STORY = "code-generation"
USE_CASE = "code-assistant"
MODEL = "coder"
CONTROL = "names-real-packages"
PROBED = ("install-py",)
"""Which of the shipped prompts the demo asks, by the beginning of their ids: a probe of all takes some minutes here."""

EXCUSE = "Developers want to try it; the model is small and known to invent packages."
INSTEAD = "The gateway's package guard takes out of every answer what no list knows, while it streams."


@dataclass(frozen=True, slots=True)
class Hosted:
    """What the first half leaves for the gateway."""

    version: ModelVersion
    probe: Probe


def play(stage: Stage, address: str) -> Hosted | None:
    """Play up to the signed release; None if the gate does not allow it even so."""
    tell = stage.narrator
    tell.scene("2. What is it for, and what must be shown?")
    register(stage, STORY)
    adopt_library(stage)
    adopt(stage, STORY)
    tell.scene("3. The model becomes a version: its configuration is its identity")
    version = _host(stage, address)
    tell.scene("4. Canaries: a provider may change what is behind a name, and answers to fixed questions tell")
    _canaries(stage, version)
    tell.scene("5. How often does it name packages that nobody knows?")
    probe = _probe(stage, version)
    decide(stage, version)
    _excuse(stage, version, probe)
    return Hosted(version, probe) if _release(stage, version) else None


def _host(stage: Stage, address: str) -> ModelVersion:
    hosted = {**shipped.value(HostedModel, f"stories/{STORY}-hosted.yaml"), "url": f"{address}/v1"}
    asked = {"use_case": USE_CASE, "model": MODEL, "hosted": hosted}
    command = f"model host {USE_CASE} {MODEL} hosted.yaml"
    version: ModelVersion = stage.narrator.call("mia", stage.desks["mia"], command, "model host", asked)
    stage.narrator.say(
        f"version {short(version.digest)}: {hosted['model']} at {hosted['url']}, temperature 0, at most "
        f"{hosted['most_output_tokens']} tokens an answer. Any other setting would be another version."
    )
    return version


def _canaries(stage: Stage, version: ModelVersion) -> None:
    tell, asked = stage.narrator, {"version": version.digest}
    command = f"canary set {short(version.digest)} canaries.yaml"
    chosen = {**asked, "prompts": shipped.value(PromptSet, "prompts/canaries.yaml")}
    tell.call("ana", stage.desks["ana"], command, "canary set", chosen)
    run: CanaryRun = tell.call("mia", stage.desks["mia"], f"canary run {short(version.digest)}", "canary run", asked)
    show_canary(run, tell.console)


def _probe(stage: Stage, version: ModelVersion) -> Probe:
    tell = stage.narrator
    prompts = shipped.value(PromptSet, "prompts/code.yaml")
    chosen = [prompt for prompt in prompts["prompts"] if prompt["id"].startswith(PROBED)]
    tell.say(
        f"{len(chosen)} of the {len(prompts['prompts'])} shipped prompts are asked, to be quick; no guard is between."
    )
    asked = {"version": version.digest, "prompts": {**prompts, "prompts": chosen}}
    command = f"model probe {short(version.digest)} prompts.yaml"
    probe: Probe = tell.call("mia", stage.desks["mia"], command, "model probe", asked)
    show_probe(probe, tell.console)
    tell.note("asked without a guard", f"{len(probe.inventions)} of {probe.references} packages are not known to exist")
    return probe


def _excuse(stage: Stage, version: ModelVersion, probe: Probe) -> None:
    """Ask for a waiver and grant it, as two people who did not register the model; it says what is done instead."""
    tell = stage.narrator
    tell.scene("6. The gate refuses. Two people excuse it, in writing, for thirty days, and say what is done instead")
    share = next((f for f in probe.evidence[0].figures if f.name == "unproven_per_reference"), None)
    if share is not None:
        tell.say(f"{share.value:.0%} of the packages it names are not known to exist; the policy allows one in ten.")
    asked = {
        "version": version.digest,
        "control": CONTROL,
        "reason": EXCUSE,
        "compensating_control": INSTEAD,
        "days": 30,
    }
    command = f'waiver request {short(version.digest)} {CONTROL} "..." "..." 30'
    request = tell.call("omar", stage.desks["omar"], command, "waiver request", asked)
    command = f"waiver grant {short(request.waiver)}"
    tell.call("ana", stage.desks["ana"], command, "waiver grant", {"waiver": request.waiver})
    tell.say(f"reason: {EXCUSE}", f"instead: {INSTEAD}")


def _release(stage: Stage, version: ModelVersion) -> bool:
    """Sign off with ana's own key, and sign the release, if the gate allows it."""
    from muster.wiring.signing import sign_statement

    tell, ana = stage.narrator, stage.desks["ana"]
    tell.shell("ana", f"sign-off {short(version.digest)} --key ana.pem")
    request = ana.call("approval request", {"version": version.digest, "role": "risk-analyst"}, tell.progress)
    envelope = sign_statement(base64.b64decode(request.statement), stage.approver_key)
    ana.call("approval submit", {"envelope": envelope}, tell.progress)
    if decide(stage, version).verdict is not Verdict.ALLOW:
        tell.say("The gate does not allow it, so that nothing is signed and nothing can be served.")
        return False
    command = f"release sign {short(version.digest)}"
    release: SignedRelease = tell.call("mia", stage.desks["mia"], command, "release sign", {"version": version.digest})
    tell.note("release", f"signed, with the waiver in it, good until {release.expires_at:%Y-%m-%d}")
    return True
