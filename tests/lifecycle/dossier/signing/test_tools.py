from __future__ import annotations

from pathlib import Path

from tests.lifecycle.dossier.scene import released
from tests.rules.scene import VERSION

from muster.lifecycle.dossier.collect import collect
from muster.lifecycle.dossier.signing.attest import attest
from muster.lifecycle.dossier.signing.tools import tools
from muster.lifecycle.dossier.story import tell
from muster.records.decision import Question


def test_every_attestation_is_listed_in_words_and_how_a_model_is_verified(tmp_path: Path) -> None:
    scene = released(tmp_path)
    before = tools(tell(collect(scene.as_("auditor"), Question(VERSION, "loans", "production")), scene.house.verify))
    attest(scene.as_("olga"), VERSION)
    collected = collect(scene.as_("auditor"), Question(VERSION, "loans", "production"))
    shown = tools(tell(collected, scene.house.verify))
    scene.close()

    assert "a sign-off by a person" in before
    assert "model_signing" not in before
    for name in collected.attestations:
        assert name in shown
    for words in ("test result", "verification summary", "provenance", "OpenSSF", "model_signing verify key"):
        assert words in shown
