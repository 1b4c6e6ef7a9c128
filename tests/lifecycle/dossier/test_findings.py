from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from tests.lifecycle.dossier.scene import AUTHOR, NOTED, VERSION, released
from tests.rules.scene import auc

from muster.lifecycle.dossier.collect import collect
from muster.lifecycle.dossier.findings import clauses, evidence, monitoring
from muster.lifecycle.dossier.story import Story, tell
from muster.records.decision import Question


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    scene = released(tmp_path_factory.mktemp("released"))
    scene.as_(AUTHOR).record(auc(0.9, spread=0.01))
    yield tell(collect(scene.as_("auditor"), Question(VERSION, "loans", "production")), scene.house.verify)
    scene.close()


def plain(markup: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", markup))


def test_evidence_before_release_and_windows_are_told_apart(story: Story) -> None:
    assert "credit" not in plain(evidence(story))
    assert "“credit” (window)" in plain(monitoring(story))
    assert "Nothing was measured." not in plain(evidence(story))


def test_a_figure_that_is_limited_is_drawn_with_its_limit_and_all_are_in_tables(story: Story) -> None:
    said = evidence(story)

    assert "Demanded: auc at least 0.7, whole 95 % interval." in plain(said)
    assert "Demanded: prohibited_inputs exactly 0." in plain(said)
    assert "Asked with columns: age." in plain(said)
    assert said.count('aria-label="auc around the limit 0.7') == 2


def test_evidence_that_was_replaced_stays_in_sight(story: Story) -> None:
    said = plain(evidence(story))

    assert said.count("Replaced by newer evidence of the same sample.") == 1
    assert "0.9 0.89 to 0.91" in said


def test_clauses_come_with_how_well_they_are_known(story: Story) -> None:
    assert "Fairness is &lt;measured&gt;. voluntary read" in plain(clauses(story))
    assert "The controls name no clause." in plain(clauses(replace(story, library=replace(NOTED, clauses=()))))
