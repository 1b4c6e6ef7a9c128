from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.rules.scene import key
from tests.walk import USE_CASE, Walked

from muster.lifecycle.desk.roots import current_root
from muster.lifecycle.serve.contents import guarded, reasons_for
from muster.lifecycle.serve.orders import newest
from muster.records.canonical import parse
from muster.records.codec import encode
from muster.records.policy import Factor, ReasonMap
from muster.records.release import Deployment, GuardOrder, NamedDigest, Orders
from muster.rules.gate.guarding import set_of
from muster.rules.orders import sign_orders


def test_the_reason_map_in_force_lies_in_the_outbox(walked: Walked) -> None:
    assert reasons_for(walked.context("omar"), {USE_CASE}) == ()
    reasons = ReasonMap("reasons", USE_CASE, (Factor("late", ("PAY_0",), "Late payments"),))
    walked.context("ana").record(reasons)
    (named,) = walked.do("omar", "orders issue").reasons
    assert named.name == USE_CASE
    assert parse(walked.house.outbox.get(named.digest)) == encode(reasons)
    assert walked.gateway().refresh().serving(walked.clock()) == ("credit",)


def test_what_gateways_would_refuse_by_now_keeps_its_guards(walked: Walked) -> None:
    walked.do("omar", "orders issue")
    walked.clock.offset = timedelta(days=31)
    context = walked.context("omar")
    before = newest(context, "default")
    assert before is not None
    kept, sets = guarded(context, before.deployments, before, current_root(context))
    assert (kept, sets) == (before.deployments, before.guards)


def test_orders_of_a_hundred_deployments_are_small() -> None:
    """Digests do not compress: so what deployments share stands once."""

    def name(number: int) -> str:
        return f"sha256:{number:064x}"

    columns = [f"SENSITIVE_COLUMN_{n}" for n in range(12)]
    sets = tuple(
        set_of(
            (
                GuardOrder("prohibited", {"columns": [*columns, str(n)]}),
                GuardOrder("schema", {"unknown_category": "refuse"}),
                GuardOrder("envelope", {"outside_range": "flag"}),
                GuardOrder("plausible"),
            )
        )
        for n in range(3)
    )
    at = datetime(2026, 11, 23, tzinfo=UTC)
    deployments = tuple(
        Deployment(
            f"deployment-{n:03}",
            f"use-case-number-{n % 25}",
            "production",
            "serve",
            name(n),
            name(n),
            name(n),
            guards=sets[n % 3].name,
        )
        for n in range(100)
    )
    reasons = tuple(NamedDigest(f"use-case-number-{n}", name(n)) for n in range(25))
    lists = (NamedDigest("pypi", name(1)), NamedDigest("npm", name(2)))
    revoked = tuple(name(n) for n in range(10))
    orders = Orders("default", 1, at, at, deployments, revoked, "checkpoint\n" * 20, 3, sets, reasons, lists)
    pen = key("orders")
    assert len(sign_orders(orders, [(pen.key, pen.sign)])) < 64 * 1024
