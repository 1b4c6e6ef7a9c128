"""Canaries on a schedule: a control plane that is up asks released language models whether they answer as at first."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from muster.lifecycle.desk.context import Context, House, Identity
from muster.lifecycle.language.canary import CanaryRun, run_due
from muster.lifecycle.serve.orders import issue
from muster.records.decision import Verdict
from muster.records.release import IssuedOrders
from muster.settings import Settings
from muster.wiring.abroad.alerts import SYSTEM, say

LOOK_S = 60.0
"""How often it looks whether canaries are due."""


@contextmanager
def asking_canaries(house: House, settings: Settings, say: Callable[[str], None] = say) -> Iterator[None]:
    """Ask while the block runs, if the settings say how often: from a thread of its own, for answers take their time.

    The block ends without waiting for answers that are under way: nothing of such a run is recorded.
    """
    if settings.canary_hours <= 0:
        yield
        return
    end = threading.Event()

    def run() -> None:
        while not end.is_set():
            look(house, settings.canary_hours, say)
            end.wait(LOOK_S)

    threading.Thread(target=run, name="muster-canaries", daemon=True).start()
    try:
        yield
    finally:
        end.set()


def look(house: House, hours: float, say: Callable[[str], None]) -> tuple[CanaryRun, ...]:
    """Ask what is due; where the gate no longer allows a version, issue orders without it; say what went wrong."""
    context = Context(house, Identity(SYSTEM, frozenset()), say)
    try:
        runs = run_due(context, hours)
        if any(each.decision.verdict is not Verdict.ALLOW for each in runs):
            for group in sorted({issued.group for _, issued in context.history(IssuedOrders)}):
                orders = issue(context, group)
                say(f"orders {orders.number} for group {group}: canaries changed, what lapsed is left out")
    except Exception as error:  # noqa: BLE001 - it goes on: what cannot be asked now is due the next time
        say(f"{error}")
        return ()
    for each in runs:
        say(f"canaries of {each.version}: {len(each.changed)} of {each.prompts} changed")
    return runs
