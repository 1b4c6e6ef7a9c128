"""What was kept for long enough is removed and named; what is locked stays and is named too."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.adapters.arrowlog.blocks import SOURCE, block
from tests.lifecycle.dossier.scene import ANALYST, Scene

from muster.adapters.arrowlog.schema import batch_of
from muster.adapters.arrowlog.segment import Segment
from muster.lifecycle.privacy.erase import erase
from muster.lifecycle.privacy.retain import listed, run, set_retention
from muster.ports.vault import Erased
from muster.records.access.erasure import RetentionRun
from muster.verifier.verify import verify

WHO = f"actor:{ANALYST}"


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path)
    made.train()
    made.enrol()
    made.sign_off(comment="fine by me")
    yield made
    made.close()


def test_a_kind_of_data_without_a_time_is_kept_for_ever(scene: Scene) -> None:
    scene.now += timedelta(days=9999)
    assert run(scene.as_("admin")) == ()
    assert [(kept.data, kept.days, kept.due) for kept in listed(scene.as_("auditor")) if kept.data == "comments"] == [
        ("comments", None, 0)
    ]


def test_comments_go_when_their_time_has_come_and_dossiers_say_so(scene: Scene) -> None:
    scene.decide()
    (sealed,) = scene.house.vault.held(WHO)
    set_retention(scene.as_("admin"), "comments", 30, "house rule 7")
    scene.now += timedelta(days=30)
    assert run(scene.as_("admin"))[0].removed == ()
    scene.now += timedelta(days=1)
    comments = listed(scene.as_("auditor"))[0]
    assert (comments.data, comments.days, comments.items, comments.due) == ("comments", 30, 1, 1)

    (done,) = run(scene.as_("admin"))

    assert done.removed == (sealed,)
    with pytest.raises(Erased):
        scene.house.vault.open(sealed)
    assert listed(scene.as_("auditor"))[0].items == 0
    assert run(scene.as_("admin"))[0].removed == ()
    assert len(scene.as_("admin").history(RetentionRun)) == 1
    assert "1 erased" in "\n".join(verify(scene.dossier(), scene.house.fingerprint))


def test_rows_of_datasets_go_and_their_records_stay(scene: Scene) -> None:
    digest = scene.house.blobs.put(b"rows")
    scene.snapshot(digest)
    set_retention(scene.as_("admin"), "datasets", 10, "25 months", 0)
    scene.now += timedelta(days=11)
    assert {kept.data: kept.due for kept in listed(scene.as_("auditor"))}["datasets"] > 0
    (done,) = run(scene.as_("admin"), "datasets")
    assert done.removed == (digest,)
    with pytest.raises(KeyError):
        scene.house.blobs.get(digest)
    assert {kept.data: kept.due for kept in listed(scene.as_("auditor"))}["datasets"] == 0


def test_what_a_lock_holds_stays_and_is_named(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    digest = scene.house.blobs.put(b"rows")
    scene.snapshot(digest)
    true = type(scene.house.blobs).remove

    def locked(blobs: object, name: str) -> None:
        if name == digest:
            msg = "object lock"
            raise PermissionError(msg)
        true(blobs, name)

    monkeypatch.setattr(type(scene.house.blobs), "remove", locked)
    set_retention(scene.as_("admin"), "datasets", 10, "25 months")
    scene.now += timedelta(days=11)
    (done,) = run(scene.as_("admin"), "datasets")
    assert done.locked == (digest,)
    assert digest not in done.removed
    assert run(scene.as_("admin"), "datasets")[0].locked == (digest,)
    assert scene.house.blobs.get(digest) == b"rows"


def test_old_parts_of_the_inference_log_go_and_are_named_before_they_do(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (1, 2):
        made = Segment(tmp_path / "log", SOURCE, f"{number:020d}-abc-{number:06d}")
        made.write(batch_of(SOURCE, [block(number, 1)]), str(number))
        closed = made.close()
        assert closed is not None
        old = (scene.now - timedelta(days=20 * number)).timestamp()
        os.utime(closed.path, (old, old))
    set_retention(scene.as_("admin"), "inference-log", 30, "house rule 9")
    log = scene.house.log
    with monkeypatch.context() as cut:
        cut.setattr(type(log), "remove", lambda *_: (_ for _ in ()).throw(OSError("power cut")))
        with pytest.raises(OSError, match="power cut"):
            run(scene.as_("admin"), "inference-log")
    ((_, said),) = scene.as_("admin").history(RetentionRun)
    (done,) = run(scene.as_("admin"), "inference-log")
    assert done.removed == said.removed == ("d-loans/decisions/00000000000000000002-abc-000002.1-rows.arrows",)
    assert len(log.segments()) == 1


@pytest.mark.parametrize(
    ("data", "days", "least", "why", "words"),
    [
        ("comments", 0, 0, "x", "give 1 to"),
        ("comments", 5, 6, "x", "no more at least"),
        ("comments", 5, 0, " ", "which rule"),
    ],
)
def test_a_time_makes_sense(scene: Scene, data: str, days: int, least: int, why: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        set_retention(scene.as_("admin"), data, days, why, least)


def test_what_must_stay_for_a_while_stays_unreadable_when_somebody_is_erased(scene: Scene) -> None:
    set_retention(scene.as_("admin"), "comments", 365, "exam rule", 30)
    scene.sign_off(comment="again")
    first, second = scene.house.vault.held(WHO)
    until = scene.now + timedelta(days=30)
    done = erase(scene.as_("admin"), WHO, "request")
    assert (done.sealed, done.locked_until) == ((first, second), until)
    assert scene.house.vault.sealed(second)
    with pytest.raises(Erased):
        scene.house.vault.open(second)
    with pytest.raises(Erased):
        scene.house.vault.sealed(first)


def test_an_unknown_kind_of_data_is_named(scene: Scene) -> None:
    with pytest.raises(LookupError, match="'letters' is no kind of data"):
        set_retention(scene.as_("admin"), "letters", 5, "x")
    with pytest.raises(LookupError, match="there are comments"):
        run(scene.as_("admin"), "letters")
