from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.stories.attacker import Attacker
from tests.walk import Walked

from muster.lifecycle.desk.checkpoints import DOCUMENT
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.perform import perform
from muster.lifecycle.serve.publish import republish


class Slow:
    """An outbox in front of which another process overtakes."""

    def __init__(self, outbox: Any, overtake: Any) -> None:
        self._outbox, self._overtake = outbox, overtake

    def publish(self, name: str, content: bytes) -> None:
        """Let the other one publish newer orders first."""
        overtake, self._overtake = self._overtake, lambda: None
        overtake()
        self._outbox.publish(name, content)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._outbox, name)


def test_whoever_publishes_last_leaves_the_newest_orders(walked: Walked) -> None:
    context = walked.context("omar")
    slow = Slow(context.house.outbox, lambda: walked.do("omar", "deployment remove", name="credit"))
    mine = perform("orders issue", replace(context, house=replace(context.house, outbox=slow)), {})
    newest = Attacker(walked).orders()
    assert (mine.number, newest.number, newest.deployments) == (2, 3, ())


def test_what_was_recorded_but_not_published_is_published_at_start(walked: Walked) -> None:
    attacker = Attacker(walked)
    old = attacker.read_orders()
    newest = walked.do("omar", "orders issue")
    attacker.put_orders(old)
    context: Context = walked.context("omar")
    assert republish(context) == 1
    assert attacker.orders() == newest


def test_the_checkpoint_of_the_newest_orders_lies_beside_them(walked: Walked) -> None:
    orders = walked.do("omar", "orders issue")
    assert walked.house.outbox.published(DOCUMENT).decode() == orders.checkpoint
