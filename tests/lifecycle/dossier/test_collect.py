from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from tests.lifecycle.dossier.scene import VERSION, Scene, released

from muster.lifecycle.dossier.collect import collect
from muster.lifecycle.serve import deployments, orders
from muster.records.decision import Question
from muster.rules.merkle import leaf_hash, verify_inclusion

QUESTION = Question(VERSION, "loans", "production")


@pytest.fixture
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    made = released(tmp_path_factory.mktemp("released"))
    yield made
    made.close()


def test_everything_about_the_question_is_there_once_and_nothing_else(scene: Scene) -> None:
    kinds = Counter(recorded.entry.kind for recorded in collect(scene.as_("auditor"), QUESTION).entries)

    assert kinds == {
        "trust-root.published": 2,
        "trust-root.signed": 2,
        "use-case.registered": 1,
        "library.adopted": 1,
        "policy.adopted": 1,  # another policy is in the ledger, and decided nothing here
        "dataset.snapshotted": 3,  # training, held-out, and the source of both
        "run.finished": 1,
        "model-version.registered": 1,
        "model-version.compiled": 1,
        "evidence.recorded": 3,  # another version's evidence is in the ledger too
        "decision.made": 2,
        "approval.signed": 1,
        "release.signed": 1,
        "orders.issued": 1,  # two were issued; the second changed nothing
    }


def test_every_entry_is_proven_to_the_newest_checkpoint(scene: Scene) -> None:
    collected = collect(scene.as_("auditor"), QUESTION)
    size = scene.ledger.size

    assert collected.checkpoint == scene.ledger.checkpoint(size)
    leaves = [leaf_hash(recorded.raw) for recorded in scene.ledger.read()]
    from muster.rules.merkle import root

    for recorded in collected.entries:
        path = [bytes.fromhex(step) for step in collected.paths[f"{recorded.seq:08d}"]]
        assert verify_inclusion(leaf_hash(recorded.raw), recorded.seq, size, path, root(leaves))


def test_orders_that_change_something_are_kept(scene: Scene) -> None:
    def numbers() -> list[int]:
        entries = collect(scene.as_("auditor"), QUESTION).entries
        return [r.entry.body["number"] for r in entries if r.entry.kind == "orders.issued"]

    scene.now += timedelta(hours=1)
    orders.issue(scene.as_("olga"))
    assert numbers() == [1]
    deployments.remove(scene.as_("olga"), "credit")
    orders.issue(scene.as_("olga"))
    assert numbers() == [1, 4]
