"""Erasure destroys a key and says so; ledger and dossiers, old and new, go on to verify."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.lifecycle.dossier.scene import ANALYST, Scene

from muster.lifecycle.privacy.erase import erase, finish_erasures
from muster.ports.vault import Erased
from muster.records.access.erasure import Erasure
from muster.verifier.verify import verify

SAID = "Seen with Ms Harker."
WHO = f"actor:{ANALYST}"


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path)
    made.train()
    made.enrol()
    made.sign_off(comment=SAID)
    made.release()
    yield made
    made.close()


def verified(scene: Scene, dossier: bytes) -> str:
    return "\n".join(verify(dossier, scene.house.fingerprint))


def test_what_was_erased_is_proven_to_be_erased_and_nothing_else_breaks(scene: Scene) -> None:
    before = scene.dossier()
    (sealed,) = scene.house.vault.held(WHO)
    done = erase(scene.as_("admin"), WHO, "request of 2026-11-20")

    assert done == Erasure(WHO, (sealed,), "request of 2026-11-20")
    with pytest.raises(Erased):
        scene.house.vault.open(sealed)
    assert scene.ledger.verify() == scene.ledger.size
    after = scene.dossier()
    assert "1 sealed here, unchanged; 0 erased" in verified(scene, before)
    assert "0 sealed here, unchanged; 1 erased" in verified(scene, after)
    assert b"Harker" not in before + after


def test_a_comment_that_is_gone_without_an_erasure_is_not_hidden(scene: Scene, tmp_path: Path) -> None:
    (sealed,) = scene.house.vault.held(WHO)
    next((tmp_path / "vault" / "sealed").rglob(sealed.removeprefix("sha256:"))).unlink()
    with pytest.raises(KeyError, match="Restore it from a copy"):
        scene.dossier()


def test_an_erasure_that_was_cut_off_is_ended_at_the_next_start(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    (sealed,) = scene.house.vault.held(WHO)
    with monkeypatch.context() as cut:
        cut.setattr(type(scene.house.vault), "erase", lambda *_: (_ for _ in ()).throw(OSError("power cut")))
        with pytest.raises(OSError, match="power cut"):
            erase(scene.as_("admin"), WHO, "request")
    assert scene.house.vault.open(sealed)
    assert finish_erasures(scene.as_("system")) == (WHO,)
    with pytest.raises(Erased):
        scene.house.vault.open(sealed)
    assert finish_erasures(scene.as_("system")) == ()


@pytest.mark.parametrize(("who", "why"), [("", "x"), (WHO, " ")])
def test_an_erasure_says_whose_and_why(scene: Scene, who: str, why: str) -> None:
    with pytest.raises(ValueError, match="whose data"):
        erase(scene.as_("admin"), who, why)
    assert not scene.as_("admin").history(Erasure)
