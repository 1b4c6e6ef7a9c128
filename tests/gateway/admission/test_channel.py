from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.gateway.world import World

from muster.adapters.arrowlog.writer import ArrowLog
from muster.gateway.admission.table import Table
from muster.records.access.alert import Severity
from muster.records.trust import Duty


def steps(table: Table) -> str:
    return "\n".join(table.steps)


def test_an_emptied_state_folder_is_said_loudly_and_a_number_given_out_of_band_is_a_floor(
    world: World, log: ArrowLog
) -> None:
    deployment = world.release()
    old = world.order(deployment)
    world.order(deployment)
    assert world.admissions(log).refresh().places
    assert world.heard.names == ["gateway-memory-lost"]  # also a gateway that is new to the group says so
    shutil.rmtree(world.folder / "state")
    world.outbox.publish("orders/default.json", old.encode())
    world.heard.alerts.clear()
    table = world.admissions(log, orders_at_least=2).refresh()
    assert not table.places
    assert "older than orders 2 (--orders-at-least): replayed" in steps(table)
    assert world.heard.names == ["orders-replayed"]
    assert world.heard.alerts[0].about == "gateway:default/gateway"


def test_the_first_orders_of_a_group_need_no_memory(world: World, log: ArrowLog) -> None:
    world.order(world.release())
    assert world.admissions(log).refresh().places
    assert world.heard.alerts == []


def test_frozen_orders_are_told_of_in_time(world: World, log: ArrowLog) -> None:
    world.order(world.release())
    admissions = world.admissions(log)
    admissions.refresh()
    world.later(hours=17)
    assert "WARNING" not in steps(admissions.refresh())
    world.later(hours=1, minutes=1)
    table = admissions.refresh()
    assert table.serving(world.now)
    assert "no newer orders came since" in steps(table)
    assert [(alert.what, alert.severity) for alert in world.heard.alerts] == [("orders-expire", Severity.WARNING)]
    world.later(hours=6)
    admissions.refresh()
    assert world.heard.names[-1] == "orders-expired"


def test_orders_that_were_pushed_and_never_come_are_held_back_by_somebody(world: World, log: ArrowLog) -> None:
    deployment = world.release()
    first = world.order(deployment)
    admissions = world.admissions(log)
    admissions.refresh()
    pushed = world.order()
    world.outbox.publish("orders/default.json", first.encode())
    assert admissions.newer(pushed)
    world.later(minutes=2)
    admissions.refresh()
    assert world.heard.alerts == []  # a copy of the outbox may lag
    world.later(minutes=4)
    assert "orders 2 were pushed, but the outbox still ends with 1" in steps(admissions.refresh())
    assert world.heard.names == ["orders-withheld"]


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ("defaced", "orders-unreadable"),
        ("another key", "orders-forged"),
        ("another group", "orders-of-another-group"),
        ("same number", "orders-forked"),
        ("gone", "orders-missing"),
        ("future", "orders-from-the-future"),
        ("root gone", "root-missing"),
        ("newer root withheld", "root-withheld"),
    ],
)
def test_each_kind_of_refusal_has_an_alert_of_its_own(world: World, log: ArrowLog, wrong: str, what: str) -> None:
    deployment = world.release()
    world.order(deployment)
    admissions = world.admissions(log)
    admissions.refresh()
    named = world.folder / "outbox" / "named"
    if wrong == "defaced":
        world.outbox.publish("orders/default.json", b"defaced")
    elif wrong == "another key":
        world.order(deployment, signer=Duty.RELEASE)
    elif wrong == "another group":
        world.order(deployment, group="canary")
    elif wrong == "same number":
        world.order(number=1)
    elif wrong == "gone":
        (named / "orders" / "default.json").unlink()
    elif wrong == "future":
        world.order(deployment, issued_at=world.now + timedelta(hours=1))
    elif wrong == "root gone":
        (named / "trust-root" / "1.json").unlink()
    else:
        world.order(deployment, root_version=2)
    table = admissions.refresh()
    assert "REFUSED" in steps(table)
    assert table.serving(world.now) == ("loans",)  # what was admitted before stands until its deadline
    assert world.heard.names == [what]
    assert world.heard.alerts[0].severity is Severity.CRITICAL


def test_a_root_that_expired_is_told_from_a_wrong_one(world: World, log: ArrowLog) -> None:
    world.order(world.release())
    world.admissions(log, pinned="sha256:" + "0" * 64).refresh()
    world.later(days=366)
    world.admissions(log).refresh()
    assert world.heard.names == ["root-wrong", "trust-root-expired"]


def test_checkpoints_that_too_few_witnesses_saw_are_refused(world: World, log: ArrowLog) -> None:
    world.publish_root(replace(world.root, version=2, witnesses_needed=1))
    world.order(world.release())
    table = world.admissions(log).refresh()
    assert not table.places
    assert "cosigned by 0 of the trust root's witnesses, and 1 must have seen it" in steps(table)
    assert world.heard.names == ["checkpoint-not-witnessed"]
