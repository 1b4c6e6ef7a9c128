from __future__ import annotations

import base64
import json

import pytest
from tests.stories.attacker import Attacker
from tests.walk import Walked

from muster.lifecycle.desk.journal import ConsistencyProof
from muster.wiring.abroad.verifying import held_against, verify_orders


def chain(walked: Walked) -> tuple[str, ...]:
    documents: tuple[str, ...] = walked.do("admin", "trust show").documents
    return documents


def test_a_ledger_that_answers_every_question_with_another_tree_is_not_believed(walked: Walked) -> None:
    """Its keeper may have two histories, and prove each kept checkpoint from the one that it fits."""
    documents, kept = chain(walked), walked.house.ledger.checkpoint()
    walked.do("omar", "orders issue")
    true = walked.do("admin", "ledger consistency", old=int(kept.split("\n")[1]))

    def lying(old: int) -> ConsistencyProof:
        return ConsistencyProof(old, true.size, true.path, true.checkpoint if old != true.size else kept)

    with pytest.raises(OSError, match="kept growing"):
        held_against([kept], walked.fingerprint, documents, true.checkpoint, lying)


def test_a_ledger_that_grows_while_it_is_asked_is_asked_again(walked: Walked) -> None:
    kept = walked.house.ledger.checkpoint()
    asked: list[int] = []

    def growing(old: int) -> ConsistencyProof:
        if len(asked) == 1:
            walked.do("omar", "orders issue")
        asked.append(old)
        proof: ConsistencyProof = walked.do("admin", "ledger consistency", old=old)
        return proof

    walked.do("omar", "orders issue")
    newest = walked.house.ledger.checkpoint()
    lines = held_against([kept], walked.fingerprint, chain(walked), newest, growing)
    assert "continue them" in lines[0]
    assert len(asked) == 4


def test_orders_that_weaken_a_guard_are_refused_here_too(walked: Walked) -> None:
    walked.do("omar", "orders issue")
    attacker = Attacker(walked)
    orders = attacker.orders()
    (told,) = orders.guards
    from dataclasses import replace

    weak = replace(told, guards=tuple(replace(g, parameters={k: [] for k in g.parameters}) for g in told.guards))
    attacker.forge_orders(*orders.deployments, guards=(weak,))
    lines = list(verify_orders(walked.home / "outbox", None, walked.fingerprint, "default", walked.clock()))
    assert any(line.startswith("REFUSED credit: the orders weaken the guard prohibited") for line in lines)
    assert json.loads(base64.b64decode(json.loads(attacker.read_orders())["payload"]))["number"] == 3
