from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from tests.lifecycle.dossier.scene import VERSION, WATCHED, Scene, released

from muster.lifecycle.dossier.collect import Collected, collect
from muster.lifecycle.dossier.story import tell
from muster.records.canonical import canonical, parse
from muster.records.decision import Question, Verdict
from muster.records.model import Run


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    made = released(tmp_path_factory.mktemp("released"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def collected(scene: Scene) -> Collected:
    return collect(scene.as_("auditor"), Question(VERSION, "loans", "production"))


def test_a_released_version_shows_the_decision_that_its_release_rests_on(scene: Scene, collected: Collected) -> None:
    story = tell(collected, scene.house.verify)

    assert story.release is not None
    assert story.decision.verdict is Verdict.ALLOW
    assert story.decision.at == story.release.issued_at
    assert story.policy == WATCHED
    assert [run.id for _, run in story.of(Run)] == ["run-1"]
    assert [approval.approver for _, approval in story.approvals] == ["ann"]
    assert [orders.number for _, orders in story.orders] == [1]
    assert len(story.datasets) == 3


def test_a_package_that_was_changed_in_the_store_is_noticed(scene: Scene, collected: Collected) -> None:
    package = parse(collected.packages[0])
    package["entries"][3]["seq"] += 1
    changed = replace(collected, packages=(canonical(package),))

    with pytest.raises(PermissionError, match="the store was changed"):
        tell(changed, scene.house.verify)


def test_what_is_missing_is_said(scene: Scene, collected: Collected) -> None:
    poor = tuple(recorded for recorded in collected.entries if recorded.entry.kind != "policy.adopted")

    with pytest.raises(LookupError, match="the policy sha256:.* is not in the ledger"):
        tell(replace(collected, entries=poor), scene.house.verify)
