from __future__ import annotations

from pathlib import Path

from tests.lifecycle.dossier.scene import VERSION
from tests.lifecycle.report.scene import CANDIDATES, EVERYTHING, known, story_of
from tests.rules.scene import NOW

from muster.lifecycle.report.story import Story


def test_it_holds_what_the_ledger_knows_of_this_version_alone(story: Story) -> None:
    assert all(evidence.version == VERSION for _, evidence in story.evidence)
    assert {evidence.check for _, evidence in story.evidence} >= {evidence.check for evidence in EVERYTHING}
    assert story.search is not None
    assert story.search[1].candidates == CANDIDATES
    assert (story.at, story.unasked) == (NOW, "")
    assert story.asked is not None
    assert story.asked.decision.question.version == VERSION


def test_where_no_policy_covers_it_the_rest_is_told_still(tmp_path: Path) -> None:
    scene = known(tmp_path)
    story = story_of(scene, "nowhere")
    scene.close()

    assert story.asked is None
    assert "no adopted policy covers it" in story.unasked
    assert len(story.evidence) > len(EVERYTHING)
