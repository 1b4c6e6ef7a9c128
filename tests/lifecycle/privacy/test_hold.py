"""A legal hold keeps data, words and log where they are, whatever their time and whoever asks, until it is lifted."""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.adapters.arrowlog.blocks import SOURCE, block
from tests.lifecycle.dossier.scene import ANALYST, TRAINING, Scene
from tests.lifecycle.dossier.scene import SOURCE as WHOLE
from tests.rules.scene import VERSION

from muster.adapters.arrowlog.schema import batch_of
from muster.adapters.arrowlog.segment import Segment
from muster.lifecycle.desk.seen.holds import kept_by
from muster.lifecycle.privacy.erase import erase
from muster.lifecycle.privacy.hold import lift, listed, set_hold
from muster.lifecycle.privacy.retain import listed as kept
from muster.lifecycle.privacy.retain import run, set_retention
from muster.records.access.hold import Hold

WHO = f"actor:{ANALYST}"
WHY = "Letter of the authority of 2026-11-20"


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path)
    made.train()
    made.enrol()
    made.sign_off(comment="fine by me")
    made.release()
    yield made
    made.close()


def test_a_hold_is_set_listed_and_lifted_with_who_and_why(scene: Scene) -> None:
    assert listed(scene.as_("admin")) == ()
    line = set_hold(scene.as_(ANALYST), WHY, version=VERSION[:20])
    assert (line.id, line.state, line.about, line.set_by) == ("H-1", "in force", f"version:{VERSION}", ANALYST)
    done = lift(scene.as_("admin"), "h-1", "The case is closed")
    assert (done.state, done.lifted_by, done.lifted_because) == ("lifted", "admin", "The case is closed")
    assert set_hold(scene.as_(ANALYST), WHY, use_case="loans").id == "H-2"
    assert [(each.id, each.state) for each in listed(scene.as_("admin"))] == [("H-1", "lifted"), ("H-2", "in force")]


@pytest.mark.parametrize("about", [{"version": VERSION}, {"use_case": "loans"}])
def test_words_about_what_is_held_are_neither_erased_nor_removed(scene: Scene, about: dict[str, str]) -> None:
    (sealed,) = scene.house.vault.held(WHO)
    set_retention(scene.as_("admin"), "comments", 30, "house rule 7")
    set_hold(scene.as_(ANALYST), WHY, **about)
    scene.now += timedelta(days=31)

    with pytest.raises(PermissionError, match="legal hold H-1 keeps words of actor:ann: nothing was erased"):
        erase(scene.as_("admin"), WHO, "asked for")
    (done,) = run(scene.as_("admin"))
    assert (done.removed, done.locked) == ((), (sealed,))
    assert scene.house.vault.open(sealed)
    (comments,) = [each for each in kept(scene.as_("admin")) if each.data == "comments"]
    assert (comments.due, comments.held) == (1, 1)

    lift(scene.as_("admin"), "H-1", "over")
    (done,) = run(scene.as_("admin"))
    assert (done.removed, done.locked) == ((sealed,), ())


def test_people_whose_words_are_about_other_things_are_erased_all_the_same(scene: Scene) -> None:
    set_hold(scene.as_(ANALYST), WHY, dataset=WHOLE)
    assert erase(scene.as_("admin"), WHO, "asked for").sealed


@pytest.mark.parametrize("about", [{"version": VERSION}, {"use_case": "loans"}, {"dataset": TRAINING}])
def test_the_data_of_what_is_held_stays_with_what_it_is_a_part_of(scene: Scene, about: dict[str, str]) -> None:
    other = scene.house.blobs.put(b"other rows")
    scene.snapshot(other)
    set_retention(scene.as_("admin"), "datasets", 30, "house rule 8")
    set_hold(scene.as_(ANALYST), WHY, **about)
    scene.now += timedelta(days=31)
    (done,) = run(scene.as_("admin"), "datasets")
    assert done.removed == (other,)
    assert {TRAINING, WHOLE} <= set(done.locked)


def test_parts_of_data_that_is_held_are_held(scene: Scene) -> None:
    set_hold(scene.as_(ANALYST), WHY, dataset=WHOLE)
    assert kept_by(scene.as_("admin")).datasets[TRAINING] == "H-1"


def test_the_log_of_deployments_of_what_is_held_stays(scene: Scene, tmp_path: Path) -> None:
    scene.deploy()
    for number, deployment in enumerate(("credit", "other")):
        source = replace(SOURCE, deployment=deployment)
        made = Segment(tmp_path / "log", source, f"{number:020d}-abc-{number:06d}")
        made.write(batch_of(source, [block(number, 1)]), str(number))
        closed = made.close()
        assert closed is not None
        old = (scene.now - timedelta(days=40)).timestamp()
        os.utime(closed.path, (old, old))
    set_retention(scene.as_("admin"), "inference-log", 30, "house rule 9")
    set_hold(scene.as_(ANALYST), WHY, version=VERSION)
    (done,) = run(scene.as_("admin"), "inference-log")
    assert [each.partition("/")[0] for each in done.locked] == ["d-credit"]
    assert [each.partition("/")[0] for each in done.removed] == ["d-other"]


def test_what_makes_no_sense_is_refused(scene: Scene) -> None:
    with pytest.raises(ValueError, match="one of --version, --use-case and --dataset"):
        set_hold(scene.as_(ANALYST), WHY)
    with pytest.raises(ValueError, match="one of --version, --use-case and --dataset"):
        set_hold(scene.as_(ANALYST), WHY, version=VERSION, use_case="loans")
    with pytest.raises(ValueError, match="say why"):
        set_hold(scene.as_(ANALYST), " ", version=VERSION)
    with pytest.raises(LookupError, match="no hold 'H-1'"):
        lift(scene.as_(ANALYST), "H-1", WHY)
    set_hold(scene.as_(ANALYST), WHY, version=VERSION)
    with pytest.raises(ValueError, match="hold H-1 keeps it already"):
        set_hold(scene.as_(ANALYST), WHY, version=VERSION)
    lift(scene.as_(ANALYST), "H-1", WHY)
    with pytest.raises(ValueError, match="was lifted already"):
        lift(scene.as_(ANALYST), "H-1", WHY)
    assert len(scene.as_("admin").history(Hold)) == 1
