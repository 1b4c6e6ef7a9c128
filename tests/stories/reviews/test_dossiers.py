"""What validators found, attested and let out in an emergency is decided again by whoever has the dossier alone."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.lifecycle.dossier.scene import NOTED, WATCHED, Scene
from tests.rules.scene import ANALYST, VALIDATOR, VERSION, key

from muster.lifecycle import release
from muster.lifecycle.review import emergency, findings
from muster.records.evidence import ATTESTED, Evidence, Figure, Outcome
from muster.records.governance.terms import EmergencyTerms, FindingSeverity
from muster.records.people import Actor, Role
from muster.records.policy import Comparison, Control, Limit, Meets, Requirement
from muster.rules.envelope import IN_TOTO, envelope_text, seal
from muster.verifier.verify import verify

LIMIT = Limit("blocking_answers", Comparison.AT_MOST, 0, Meets.POINT)
READY = Control("ready", "It is ready.", "attested.ready", {}, LIMIT)
POLICY = replace(
    WATCHED,
    requirements=(*WATCHED.requirements, Requirement("ready", sample_role=ATTESTED)),
    blocking_findings=(FindingSeverity.HIGH,),
    emergency=EmergencyTerms(48.0, (Role.VALIDATOR,)),
)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path)
    made.train(policy=POLICY)
    made.enrol()
    made.as_(ANALYST).record(replace(NOTED, controls=(*NOTED.controls, READY)))
    made.as_("admin").record(Actor("max", (Role.OWNER,)))
    figures = (Figure("blocking_answers", 0, 8),)
    until = made.now + timedelta(days=200)
    made.as_(VALIDATOR).record(
        Evidence(
            VERSION, "attested.ready", 1, {}, "sha256:answers", "ready", ATTESTED, figures, Outcome.MEASURED, "", "",
            until, True,
        )
    )  # fmt: skip
    yield made
    made.close()


def opened(scene: Scene, **about: str) -> str:
    due = scene.now + timedelta(days=9)
    return findings.open_finding(scene.as_(VALIDATOR), FindingSeverity.HIGH, "Stale.", "max", due, **about).id


def let_out(scene: Scene) -> None:
    asked = emergency.request(scene.as_(VALIDATOR), VERSION, Role.VALIDATOR, "fraud runs now")
    pen = key(VALIDATOR)
    sealed = seal(IN_TOTO, base64.b64decode(asked.statement), [(pen.key, pen.sign)])
    emergency.submit(scene.as_(VALIDATOR), envelope_text(sealed))


def verified(scene: Scene) -> str:
    return "\n".join(verify(scene.dossier(), scene.house.fingerprint))


@pytest.mark.parametrize("about", [{"version": VERSION}, {"use_case": "loans"}])
def test_findings_are_held_against_decisions(scene: Scene, about: dict[str, str]) -> None:
    scene.sign_off()
    scene.decide()
    finding = opened(scene, **about)
    scene.decide()
    findings.close(scene.as_(VALIDATOR), finding, "seen")
    scene.now += timedelta(seconds=1)
    scene.decide()
    findings.reopen(scene.as_(VALIDATOR), finding, "again")
    scene.now += timedelta(seconds=1)
    scene.decide()
    assert "4 recorded decisions come out as recorded" in verified(scene)


def test_an_emergency_release_verifies_and_is_called_one(scene: Scene) -> None:
    let_out(scene)
    scene.decide()
    release.sign(scene.as_("olga"), VERSION, emergency=True, reason="fraud runs now")
    said = verified(scene)
    assert "vic (validator) let it out in an EMERGENCY, before its sign-offs, with a key of their own: fraud" in said
    assert "it was an EMERGENCY release, on the signed word of who may do that" in said
    assert "everybody whom its policy asks has signed it off" not in said


def test_what_was_attested_holds_as_long_as_it_says(scene: Scene) -> None:
    scene.decide()
    scene.now += timedelta(days=199)
    scene.decide()
    scene.now += timedelta(days=2)
    scene.decide()
    assert "3 recorded decisions come out as recorded" in verified(scene)
