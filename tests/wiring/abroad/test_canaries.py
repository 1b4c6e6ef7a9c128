"""A control plane that is up asks canaries when they are due, and takes out of orders what answers otherwise."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.lifecycle.language.scene import INVENTED, PROMPTS, Coding

from muster.lifecycle.language.canary import choose
from muster.lifecycle.serve.orders import issue
from muster.records.evidence import Evidence
from muster.records.release import IssuedOrders, SignedRelease
from muster.settings import Settings
from muster.wiring.abroad.canaries import asking_canaries, look


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Coding]:
    made = Coding(tmp_path)
    choose(made.as_("ann"), made.version, PROMPTS)
    until = made.now + timedelta(days=90)
    made.as_("mia").record(
        SignedRelease(made.version, "code-assistant", "production", "serve", "sha256:" + "0" * 64, until)
    )
    yield made
    made.close()


def test_what_is_due_is_asked_and_told(scene: Coding) -> None:
    told: list[str] = []
    assert len(look(scene.house, 24, told.append)) == 1
    assert told[-1] == f"canaries of {scene.version}: 0 of 12 changed"
    assert look(scene.house, 24, told.append) == ()


def test_what_changed_is_left_out_of_new_orders_at_once(scene: Coding) -> None:
    look(scene.house, 24, lambda _: None)
    issue(scene.as_("olga"))
    scene.now += timedelta(days=1)
    scene.provider.answer = lambda _: INVENTED
    told: list[str] = []
    (run,) = look(scene.house, 24, told.append)
    assert len(run.changed) == 12
    assert [issued.number for _, issued in scene.as_("olga").history(IssuedOrders)] == [1, 2]
    assert "orders 2 for group default" in "\n".join(told)


def test_what_goes_wrong_is_said_and_tried_again(scene: Coding) -> None:
    told: list[str] = []

    def broken() -> Any:
        msg = "the list was altered"
        raise RuntimeError(msg)

    house = replace(scene.house, names=broken)
    assert look(house, 24, told.append) == ()
    assert told[-1] == "the list was altered"
    assert len(look(scene.house, 24, told.append)) == 1


def test_it_asks_from_a_thread_of_its_own_and_only_if_it_is_told_how_often(scene: Coding) -> None:
    asked = threading.Event()
    with asking_canaries(scene.house, Settings(), lambda _: asked.set()):
        assert "muster-canaries" not in {thread.name for thread in threading.enumerate()}
    with asking_canaries(
        scene.house, Settings(canary_hours=1), lambda line: asked.set() if "changed" in line else None
    ):
        assert asked.wait(20)
    assert scene.as_("mia").history(Evidence)
