import base64
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.assets.verifier import VERIFIER
from tests.lifecycle.dossier.scene import Scene
from tests.rules.scene import ANALYST, AUTHOR, VERSION, auc, key

from muster.lifecycle.desk.asking import about
from muster.lifecycle.govern import drafting, signing
from muster.records.decision import SignedApproval
from muster.records.entry import Recorded
from muster.records.people import Role
from muster.records.trust import Duty
from muster.rules.envelope import IN_TOTO, envelope_text, read_statement, seal, statement
from muster.rules.gate.facts import APPROVAL


def test_a_release_on_a_blind_sign_off_is_not_verified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever holds the release key can sign what the gate would not count; the verifier counts for itself."""
    scene = Scene(tmp_path)
    scene.train()
    scene.enrol()
    request = drafting.request(scene.as_(ANALYST), VERSION, Role.RISK_ANALYST)
    subjects, predicate = read_statement(base64.b64decode(request.statement), APPROVAL)
    blind = statement(subjects, APPROVAL, {**predicate, "evidence": []})
    pen = key(ANALYST)
    sealed = envelope_text(seal(IN_TOTO, blind, [(pen.key, pen.sign)]))
    scene.as_(ANALYST).record(SignedApproval(VERSION, sealed))
    with monkeypatch.context() as stolen:
        stolen.setattr("muster.rules.gate.people.counting._demanded", lambda *_: set())
        scene.release()
    content = scene.dossier()
    scene.close()
    with pytest.raises(Exception, match=r"does not allow it: sign-off:risk-analyst \(missing\)"):
        VERIFIER.verify(content, scene.house.fingerprint)


@pytest.mark.parametrize("kind", ["approval.rejected", "evidence.recorded"])
def test_a_release_that_leaves_out_what_speaks_against_it_is_not_verified(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """Whoever holds the release key can leave an entry out of a package, and ask the gate with the rest."""
    scene = Scene(tmp_path)
    scene.train()
    scene.enrol()
    scene.sign_off()
    if kind == "approval.rejected":
        asked = drafting.request(scene.as_(ANALYST), VERSION, Role.RISK_ANALYST, answer=drafting.Answer.REJECT)
        pen = key(ANALYST)
        sealed = envelope_text(seal(IN_TOTO, base64.b64decode(asked.statement), [(pen.key, pen.sign)]))
        signing.submit(scene.as_(ANALYST), sealed)
    else:
        scene.now += timedelta(hours=1)
        scene.as_(AUTHOR).record(auc(0.4))
    seq = scene.ledger.refresh() - 1

    def without(*asked: Any) -> Iterator[Recorded]:
        yield from (recorded for recorded in about(*asked) if recorded.seq != seq)

    with monkeypatch.context() as stolen:
        stolen.setattr("muster.lifecycle.desk.asking.about", without)
        scene.release()
    content = scene.dossier()
    scene.close()
    with pytest.raises(ValueError, match=rf"leaves out what was in the ledger .*{seq}, '{kind}'"):
        VERIFIER.verify(content, scene.house.fingerprint)


def test_a_sign_off_for_another_house_is_not_verified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene(tmp_path)
    scene.train()
    scene.enrol()
    request = drafting.request(scene.as_(ANALYST), VERSION, Role.RISK_ANALYST)
    subjects, predicate = read_statement(base64.b64decode(request.statement), APPROVAL)
    assert predicate["origin"]
    pen = key(ANALYST)
    foreign = statement(subjects, APPROVAL, {**predicate, "origin": "elsewhere.example/house"})
    sealed = envelope_text(seal(IN_TOTO, foreign, [(pen.key, pen.sign)]))
    scene.as_(ANALYST).record(SignedApproval(VERSION, sealed))
    with monkeypatch.context() as stolen:
        stolen.setattr("muster.rules.signing.statements._require_here", lambda *_: None)
        scene.release()
    content = scene.dossier()
    scene.close()
    with pytest.raises(ValueError, match="was signed for another house"):
        VERIFIER.verify(content, scene.house.fingerprint)


def test_a_sign_off_outside_the_use_cases_of_its_key_is_not_verified(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = Scene(tmp_path)
    scene.train()
    scene.enrol(use_cases=("cards",))
    with monkeypatch.context() as stolen:
        stolen.setattr("muster.rules.signing.statements.holders", lambda root, *_: list(root.keys(Duty.APPROVER)))
        scene.sign_off()
        scene.release()
    content = scene.dossier()
    scene.close()
    with pytest.raises(ValueError, match="0 of 0 trusted keys signed it"):
        VERIFIER.verify(content, scene.house.fingerprint)
