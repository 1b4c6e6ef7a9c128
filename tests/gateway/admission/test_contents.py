"""What orders carry beside deployments: guards, reason maps, lists; and bytes that were exchanged."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.gateway.world import World

from muster.adapters.arrowlog.writer import ArrowLog
from muster.gateway.admission.table import Table
from muster.records.canonical import canonical, digest
from muster.records.codec import encode
from muster.records.policy import Factor, ReasonMap
from muster.records.release import Deployment, GuardOrder, NamedDigest
from muster.rules.gate.guarding import set_of


def refused(table: Table) -> str:
    assert table.places["loans"].served is None
    return table.places["loans"].refusal


def ordered(world: World, deployment: Deployment, **changes: Any) -> None:
    """Order a deployment with guards that differ in what the first takes."""
    guards = (
        GuardOrder("prohibited", {"columns": ["age"]}),
        GuardOrder("schema", {"unknown_category": "refuse"}),
        GuardOrder("envelope", {"outside_range": "flag"}),
        GuardOrder("plausible"),
    )
    told = set_of(tuple(replace(g, parameters={**g.parameters, **changes.get(g.name, {})}) for g in guards))
    world.order(replace(deployment, guards=told.name), guards=(told,))


def test_orders_that_name_guards_may_make_them_stricter_and_not_weaker(world: World, log: ArrowLog) -> None:
    deployment = world.release()
    admissions = world.admissions(log)
    ordered(world, deployment)
    assert admissions.refresh().serving(world.now) == ("loans",)
    ordered(world, deployment, envelope={"outside_range": "refuse"})
    assert admissions.refresh().serving(world.now) == ("loans",)
    ordered(world, deployment, prohibited={"columns": []})
    assert "the orders weaken the guard prohibited: column 'age'" in refused(admissions.refresh())


def test_guards_that_the_orders_only_name_are_no_guards(world: World, log: ArrowLog) -> None:
    world.order(replace(world.release(), guards="0123"))
    assert "do not say which those are" in refused(world.admissions(log).refresh())


def test_reason_maps_and_lists_are_those_that_the_orders_name(world: World, log: ArrowLog) -> None:
    deployment = world.release()
    reasons = ReasonMap("r", "loans", (Factor("income", ("income",), "Your income"),))
    named = NamedDigest("loans", world.outbox.put(canonical(encode(reasons))))
    world.order(deployment, reasons=(named,), lists=(NamedDigest("pypi", world.outbox.put(b"numpy")),))
    table = world.admissions(log).refresh()
    assert table.serving(world.now) == ("loans",)
    assert "by digest: reasons for loans, pypi" in table.steps
    other = world.outbox.put(canonical(encode(replace(reasons, use_case="cards"))))
    world.order(deployment, reasons=(NamedDigest("loans", other),))
    assert "is that of cards" in world.admissions(log).refresh().steps[-2]
    world.order(deployment, lists=(NamedDigest("pypi", digest(b"absent")),))
    assert "list pypi, which the orders name: no blob" in world.admissions(log).refresh().steps[-2]
    assert world.heard.names[-2:] == ["reasons-exchanged", "list-exchanged"]


def test_bytes_that_were_exchanged_raise_alarms(world: World, log: ArrowLog) -> None:
    deployment = world.release()
    for name in (deployment.package, deployment.served):
        text = name.removeprefix("sha256:")
        path = world.folder / "outbox" / "sha256" / text[:2] / text
        content = path.read_bytes()
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        world.order(deployment)
        world.admissions(log).refresh()
        path.write_bytes(content)
    assert [name for name in world.heard.names if name != "gateway-memory-lost"] == [
        "package-exchanged",
        "artifact-exchanged",
    ]
