"""Canaries: what a provider changes behind a name shows in the answers, and the gate no longer allows the version."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.lifecycle.language.scene import INVENTED, PROMPTS, REAL, Coding

from muster.lifecycle.language.canary import CHANGED, choose, run, run_due
from muster.records.access.alert import Alert
from muster.records.decision import Finding
from muster.records.evidence import Evidence
from muster.records.language.prompts import CanaryReference
from muster.records.release import SignedRelease


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Coding]:
    made = Coding(tmp_path)
    choose(made.as_("ann"), made.version, PROMPTS)
    yield made
    made.close()


def released(scene: Coding) -> None:
    """Record that the version was released; whether it should have been is for other tests."""
    until = scene.now + timedelta(days=90)
    scene.as_("mia").record(
        SignedRelease(scene.version, "code-assistant", "production", "serve", "sha256:" + "0" * 64, until)
    )


def test_the_first_run_makes_the_reference_and_shows_how_steady_the_model_is(scene: Coding) -> None:
    assert scene.finding("answers-unchanged") is Finding.MISSING
    first = run(scene.as_("mia"), scene.version)
    assert (first.first, first.changed, first.prompts) == (True, (), 12)
    assert len(scene.provider.asked) == 24
    assert {(body["temperature"], body["max_tokens"]) for body in scene.provider.asked} == {(0, 32)}
    assert scene.finding("answers-unchanged") is Finding.MET
    second = run(scene.as_("mia"), scene.version)
    assert not second.first
    assert len(scene.as_("mia").history(CanaryReference)) == 1


def test_a_model_that_is_not_steady_shows_it_at_once(scene: Coding) -> None:
    said: list[str] = []

    def moody(question: str) -> str:
        said.append(question)
        return REAL * len(said)

    scene.provider.answer = moody
    assert len(run(scene.as_("mia"), scene.version).changed) > 1
    assert scene.finding("answers-unchanged") is Finding.NOT_MET


def test_a_changed_answer_profile_lapses_what_is_released_and_tells_people(scene: Coding) -> None:
    run(scene.as_("mia"), scene.version)
    released(scene)
    scene.provider.answer = lambda question: INVENTED if question.endswith(("1", "2", "3")) else REAL
    found = run(scene.as_("mia"), scene.version)
    assert found.changed == ("p1", "p11", "p2", "p3")
    assert scene.finding("answers-unchanged") is Finding.NOT_MET
    (alert,) = [alert for _, alert in scene.as_("mia").history(Alert)]
    assert alert.what == CHANGED
    assert scene.version in alert.words


def test_what_canaries_showed_is_too_old_after_two_days(scene: Coding) -> None:
    run(scene.as_("mia"), scene.version)
    scene.now += timedelta(days=2) - timedelta(seconds=1)
    assert scene.finding("answers-unchanged") is Finding.MET
    scene.now += timedelta(seconds=1)
    assert scene.finding("answers-unchanged") is Finding.STALE


def test_choosing_again_begins_with_a_new_reference(scene: Coding) -> None:
    run(scene.as_("mia"), scene.version)
    scene.provider.answer = lambda _: INVENTED
    assert len(run(scene.as_("mia"), scene.version).changed) == 12
    scene.now += timedelta(minutes=1)
    choose(scene.as_("ann"), scene.version, replace(PROMPTS, name="others"))
    again = run(scene.as_("mia"), scene.version)
    assert again.first
    assert not again.changed
    assert scene.finding("answers-unchanged") is Finding.MET


def test_without_canaries_nothing_is_asked(tmp_path: Path) -> None:
    bare = Coding(tmp_path / "bare")
    with pytest.raises(LookupError, match="muster canary set"):
        run(bare.as_("mia"), bare.version)
    assert not bare.provider.asked
    bare.close()


def test_due_canaries_of_released_versions_are_asked_and_no_others(scene: Coding) -> None:
    context = scene.as_("system")
    assert run_due(context, 24) == ()
    released(scene)
    assert len(run_due(context, 24)) == 1
    assert run_due(context, 24) == ()
    scene.now += timedelta(hours=24)
    assert len(run_due(context, 24)) == 1
    scene.now += timedelta(hours=24)
    scene.provider.down = "question"
    told: list[str] = []
    assert run_due(replace(context, progress=told.append), 24) == ()
    assert "could not be asked" in told[-1]
    assert len(scene.as_("mia").history(Evidence)) == 2
