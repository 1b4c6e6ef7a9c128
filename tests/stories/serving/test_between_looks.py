"""Between two looks: what becomes of a deployment that serves when roots, orders and time change under it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.gateway.papers.written import POLICY
from tests.gateway.world import World

from muster.adapters.arrowlog.writer import ArrowLog, Rolling
from muster.adapters.keys import KeyFile
from muster.gateway.admission.table import Table
from muster.records.governance.terms import LapseAction, OnLapse
from muster.records.trust import Algorithm, Duty, KeyGrant


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[ArrowLog]:
    log = ArrowLog(tmp_path / "log", Rolling(linger_s=0.0))
    yield log
    log.close()


def refused(table: Table, name: str = "loans") -> str:
    assert table.places[name].served is None
    return table.places[name].refusal


def test_a_root_that_takes_a_key_back_ends_at_the_next_look_what_that_key_released(world: World, log: ArrowLog) -> None:
    world.order(world.release())
    admissions = world.admissions(log)
    assert admissions.refresh().serving(world.now) == ("loans",)
    kept = tuple(grant for grant in world.root.grants if grant.duty is not Duty.RELEASE)
    renewed = KeyGrant(Duty.RELEASE, KeyFile.create(world.folder / "next.pem", Algorithm.ECDSA_P256).key)
    world.publish_root(replace(world.root, version=2, grants=(*kept, renewed)))
    table = admissions.refresh()
    assert table.serving(world.now) == ()
    assert "0 of the 1 trusted keys signed this" in refused(table)


def test_a_root_that_nobody_signed_changes_nothing_but_raises_an_alert(world: World, log: ArrowLog) -> None:
    world.order(world.release())
    admissions = world.admissions(log)
    admissions.refresh()
    world.outbox.publish("trust-root/2.json", world.outbox.published("trust-root/1.json").replace(b"a", b"b"))
    for _ in range(2):
        table = admissions.refresh()
        assert table.serving(world.now) == ("loans",)
        assert any("stands until its deadline" in step for step in table.steps)
    assert world.heard.names == ["root-wrong", "root-wrong"]
    world.later(hours=24)
    assert admissions.refresh().serving(world.now) == ()


def test_what_lapsed_is_served_in_grace_which_is_said_with_its_end_and_raises_an_alert(
    world: World, log: ArrowLog
) -> None:
    kind = replace(POLICY, on_lapse=OnLapse(LapseAction.SUSPEND, 6.0), maximum_evidence_age_days=10)
    world.order(world.release(policy=kind))
    admissions = world.admissions(log)
    fresh = admissions.refresh().places["loans"]
    assert fresh.steps[-1].endswith("UTC: then the orders in force end")
    assert fresh.lapsed == ""

    world.later(days=9, hours=23, minutes=59)  # evidence is an hour older than the release
    world.order(world.release(policy=kind), expires_at=world.now + timedelta(days=2))
    world.heard.alerts.clear()
    held = admissions.refresh().places["loans"]
    told = "\n".join(held.steps)
    assert held.standing(world.now) is not None
    assert held.until is not None
    assert held.until.at - world.now == timedelta(hours=5, minutes=1)
    assert "gate, asked again here: refuse: " in told
    assert "it lapsed, and consumer-credit gives people time to mend that" in told
    assert "UTC: then what the gate counts has expired, 6 hours of grace by consumer-credit included" in told
    (alert,) = world.heard.alerts
    assert (alert.what, alert.about) == ("deployment-in-grace", "gateway:default/gateway/loans")
    assert "older than the 10 days" in alert.words

    world.later(hours=5, minutes=1)
    assert held.standing(world.now) is None
    assert "the 6 hours of grace that consumer-credit gives are over" in refused(admissions.refresh())


def test_what_another_environment_allowed_is_not_served_whatever_orders_say(world: World, log: ArrowLog) -> None:
    world.order(world.release(policy=replace(POLICY, environment="staging")))
    assert refused(world.admissions(log).refresh()) == (
        "released for staging, but this gateway serves production (--environment)"
    )
    assert world.admissions(log, environment="staging").refresh().serving(world.now) == ("loans",)


def test_what_another_worker_has_followed_is_not_gone_behind_by_one_that_has_not_looked_yet(
    world: World, log: ArrowLog
) -> None:
    old = world.order(world.release())
    workers = [world.admissions(log, shared=True) for _ in range(2)]
    for each in workers:
        assert each.refresh().serving(world.now) == ("loans",)
    world.order()
    assert workers[0].refresh().serving(world.now) == ()
    world.outbox.publish("orders/default.json", old.encode())
    table = workers[1].refresh()
    assert table.refused == 1
    assert world.heard.names == ["orders-replayed"]
