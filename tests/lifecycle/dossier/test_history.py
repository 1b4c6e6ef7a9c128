from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.lifecycle.dossier.scene import VERSION, Scene, refused, released

from muster.lifecycle.dossier.collect import collect
from muster.lifecycle.dossier.history import data, entries, lineage, people, serving
from muster.lifecycle.dossier.story import Story, tell
from muster.records.decision import Question

QUESTION = Question(VERSION, "loans", "production")


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    scene = released(tmp_path_factory.mktemp("released"))
    yield tell(collect(scene.as_("auditor"), QUESTION), scene.house.verify)
    scene.close()


def plain(markup: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", markup))


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (people, "Trained by bob."),
        (
            people,
            "ann risk-analyst 23 November 2026, 12:00 UTC 2 pieces of evidence serve in production, under this policy",
        ),
        (lineage, "logistic-regression, seed 0"),
        (lineage, "approve when the score is below 0.5, else refuse"),
        (lineage, "0 of 100 decisions differ, 10 of the rows adversarial"),
        (lineage, "Run run-1 mlflow:abc; auc 0.8; python 3.11"),
        (data, "loans/held-out held-out 900 a bank CC BY 4.0 age"),
        (serving, "default 1 credit (100%)"),
        (entries, "each proven"),
        (entries, "local:monitor evidence.recorded"),
    ],
)
def test_each_part_says_what_the_entries_say(story: Story, part: Callable[[Story], str], said: str) -> None:
    assert said in plain(part(story))


def test_every_entry_is_listed(story: Story) -> None:
    for recorded in story.collected.entries:
        assert recorded.entry.kind in entries(story)
    assert entries(story).count("<tr>") == len(story.collected.entries) + 1


def test_waivers_name_both_people_and_the_end(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    scene.train(0.6)
    scene.waive()
    scene.decide()
    told = tell(collect(scene.as_("auditor"), QUESTION), scene.house.verify)
    scene.close()

    assert "discrimination owner asked, ann granted 02 December 2026 needed now weekly review" in plain(people(told))


def test_what_did_not_happen_is_said(tmp_path: Path) -> None:
    scene = refused(tmp_path)
    told = tell(collect(scene.as_("auditor"), QUESTION), scene.house.verify)
    scene.close()

    assert "Nobody has signed it off." in people(told)
    assert "It was never deployed." in serving(told)
