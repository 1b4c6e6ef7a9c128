import base64
from pathlib import Path

import pytest
from tests.assets.verifier import VERIFIER
from tests.lifecycle.dossier.scene import Scene
from tests.rules.scene import ANALYST, VERSION, key

from muster.lifecycle import govern
from muster.records.decision import SignedApproval
from muster.records.people import Role
from muster.rules.envelope import IN_TOTO, envelope_text, read_statement, seal, statement
from muster.rules.gate.facts import APPROVAL


def test_a_release_on_a_blind_sign_off_is_not_verified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever holds the release key can sign what the gate would not count; the verifier counts for itself."""
    scene = Scene(tmp_path)
    scene.train()
    scene.enrol()
    request = govern.request(scene.as_(ANALYST), VERSION, Role.RISK_ANALYST)
    subjects, predicate = read_statement(base64.b64decode(request.statement), APPROVAL)
    blind = statement(subjects, APPROVAL, {**predicate, "evidence": []})
    pen = key(ANALYST)
    sealed = envelope_text(seal(IN_TOTO, blind, [(pen.key, pen.sign)]))
    scene.as_(ANALYST).record(SignedApproval(VERSION, sealed))
    with monkeypatch.context() as stolen:
        stolen.setattr("muster.rules.gate.signoff._demanded", lambda *_: set())
        scene.release()
    content = scene.dossier()
    scene.close()
    with pytest.raises(Exception, match="risk-analyst must sign"):
        VERIFIER.verify(content, scene.house.fingerprint)
