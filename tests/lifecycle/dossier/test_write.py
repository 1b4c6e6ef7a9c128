from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.lifecycle.dossier.scene import ANALYST, VERSION, Scene, refused, released
from tests.rules.scene import VALIDATOR

from muster.lifecycle.catalogue import CATALOGUE
from muster.lifecycle.desk.action import Effect
from muster.lifecycle.dossier.write import write
from muster.records.decision import Question
from muster.verifier.verify import verify


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    scene = released(tmp_path_factory.mktemp("released"))
    yield scene
    scene.close()


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path)
    yield made
    made.close()


def verified(scene: Scene, **asked: str) -> str:
    return "\n".join(verify(scene.dossier(**asked), scene.house.fingerprint))


def test_it_is_a_view_that_writes_nothing(done: Scene) -> None:
    before = done.ledger.size
    made = write(done.as_("auditor"), VERSION[7:20], "loans", "production")

    assert CATALOGUE["dossier write"].effect is Effect.READS
    assert (made.media_type, made.name) == ("application/zip", f"dossier-loans-{VERSION[7:19]}.zip")
    assert done.ledger.refresh() == before


def test_the_use_case_need_not_be_said(done: Scene) -> None:
    assert write(done.as_("auditor"), VERSION).content == done.dossier()


def test_the_same_ledger_gives_the_same_bytes(done: Scene) -> None:
    assert done.dossier() == done.dossier()


def test_what_happened_is_proven(done: Scene) -> None:
    report = verified(done)

    assert "ann (risk-analyst) signed" in report
    assert "deployed as: credit" in report
    assert "the gate said ALLOW" in report


def test_a_refused_version_gets_one_too(tmp_path: Path) -> None:
    scene = refused(tmp_path)
    report = verified(scene)
    scene.close()

    assert "the gate said REFUSE" in report


def test_a_version_that_waits_gets_one_too(scene: Scene) -> None:
    scene.train()
    scene.decide()

    assert "the gate said WAIT" in verified(scene)


def test_a_revocation_shows(scene: Scene) -> None:
    scene.train()
    scene.enrol()
    scene.sign_off()
    scene.revoke(scene.release().package)

    assert "REVOKED: complaints <b>" in verified(scene)


def test_a_release_that_was_renewed_is_there_twice(scene: Scene) -> None:
    scene.train()
    scene.enrol()
    scene.sign_off()
    scene.release()
    scene.sign_off(VALIDATOR)
    scene.release()

    assert verified(scene).count("A release was signed") == 2


def test_sign_offs_and_releases_stand_after_their_keys_were_replaced(scene: Scene) -> None:
    scene.train()
    scene.enrol()
    scene.sign_off()
    scene.release()
    gone = [each for each in scene.root.grants if each.actor != ANALYST]
    from dataclasses import replace

    from tests.rules.scene import grant

    from muster.records.trust import Duty

    kept = tuple(grant(Duty.RELEASE, "release-2") if each.duty is Duty.RELEASE else each for each in gone)
    scene.publish(replace(scene.root, version=scene.root.version + 1, grants=kept))

    report = verified(scene)

    assert "Trust root version 3" in report
    assert "ann (risk-analyst) signed" in report


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"version": "sha256:ffff"}, "is not known here"),
        ({"use_case": "mortgages"}, "registered for use case 'loans', not for 'mortgages'"),
        ({"environment": "staging"}, "nothing answers yet"),
        ({"scope": "shadow"}, "muster gate decide"),
    ],
)
def test_what_nobody_asked_has_no_dossier(done: Scene, asked: dict[str, str], why: str) -> None:
    with pytest.raises(LookupError, match=why):
        done.dossier(**asked)


def test_the_question_is_that_of_the_dossier(done: Scene) -> None:
    assert "may it serve loans in production?" in verified(done)
    assert Question(VERSION, "loans", "production").scope == "serve"
