"""What approvers say is read by those who may, and shown as erased once it is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.lifecycle.dossier.scene import ANALYST, VERSION, Scene

from muster.lifecycle.govern import signing
from muster.lifecycle.privacy.comments import Comment, listed
from muster.records.decision import SignedApproval
from muster.rules.personal import salted

SAID = "Seen with Ms Harker; I know the applicant's family."


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path)
    made.train()
    made.enrol()
    yield made
    made.close()


def test_a_comment_comes_back_and_its_words_are_nowhere_in_the_ledger(scene: Scene, tmp_path: Path) -> None:
    scene.sign_off(comment=SAID)
    (comment,) = listed(scene.as_("auditor"), VERSION)
    assert comment == Comment(ANALYST, "risk-analyst", scene.now, "readable", SAID)
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"Harker" not in kept


def test_a_sign_off_without_a_comment_has_none(scene: Scene) -> None:
    scene.sign_off()
    assert listed(scene.as_("auditor"), VERSION)[0].state == "none"


def test_an_erased_comment_is_shown_as_erased(scene: Scene) -> None:
    scene.sign_off(comment=SAID)
    scene.house.vault.erase(f"actor:{ANALYST}")
    (comment,) = listed(scene.as_("auditor"), VERSION)
    assert (comment.state, comment.words) == ("erased", "")


def test_a_comment_that_was_exchanged_in_the_vault_is_an_error(scene: Scene) -> None:
    scene.sign_off(comment=SAID)
    other = scene.house.vault.seal(f"actor:{ANALYST}", salted("I never liked it").to_bytes())
    ((_, signed),) = scene.as_("auditor").history(SignedApproval)
    scene.as_("auditor").record(SignedApproval(signed.version, signed.envelope, other))
    with pytest.raises(ValueError, match="not the one that was signed"):
        listed(scene.as_("auditor"), VERSION)


@pytest.mark.parametrize(("signed", "handed"), [("a", None), ("", "b"), ("a", "b")])
def test_the_comment_that_is_handed_in_must_be_the_one_that_was_signed(
    scene: Scene, signed: str, handed: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    true = signing.submit
    words = salted(handed) if handed else None
    monkeypatch.setattr(signing, "submit", lambda context, envelope, _: true(context, envelope, words))
    with pytest.raises(PermissionError, match="sign it off again"):
        scene.sign_off(comment=signed)
    assert not scene.as_("auditor").history(SignedApproval)
