"""What a gateway is told, and whom it tells: pushed orders, alerts that reach a pager, and a log that it signs."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.gateway.caller import jsonb
from tests.gateway.papers.written import body
from tests.gateway.world import World
from tests.servers.running import JSON, Answer, Asked, listening
from tests.stories.test_gateway import ask, free_port, running, until

from muster.adapters.arrowlog.reader import ArrowLogReader
from muster.adapters.keys import KeyFile
from muster.adapters.signatures import verify
from muster.adapters.telling.pushing import OrdersPush
from muster.ports.log import Sealing
from muster.records.trust import Algorithm, Duty, KeyGrant

pytestmark = pytest.mark.enable_socket
SECRET = b"a secret of this test"


@contextmanager
def pager() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Answer as whatever wakes people up; keeps events whose signature holds."""
    heard: list[dict[str, Any]] = []

    def answer(asked: Asked) -> Answer:
        signed = f"{asked.headers['webhook-id']}.{asked.headers['webhook-timestamp']}.".encode() + asked.content
        expected = base64.b64encode(hmac.new(SECRET, signed, hashlib.sha256).digest()).decode()
        holds = hmac.compare_digest(asked.headers["webhook-signature"], f"v1,{expected}")
        if holds:
            heard.append(json.loads(asked.content))
        return 204 if holds else 401, JSON, b""

    with listening(answer) as address:
        yield f"{address}/in", heard


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, present=True)


def secret(folder: Path) -> Path:
    path = folder / "webhook.secret"
    path.write_bytes(SECRET)
    path.chmod(0o600)
    return path


def test_pushed_orders_are_followed_at_once_and_a_replay_wakes_somebody_up(world: World) -> None:
    deployment = world.release()
    old, port = world.order(deployment), free_port()
    push = OrdersPush((f"http://127.0.0.1:{port}",), print)
    with pager() as (url, heard):
        alerting = {"alert_webhook": url, "webhook_secret": secret(world.folder), "gateway_name": "g1"}
        with running(world, port, poll_seconds=3600.0, **alerting):
            push(world.order())
            until(lambda: ask(port, "/v2/health/ready")[0] == 503)
            replayed = world.order(deployment)
            world.outbox.publish("orders/default.json", old.encode())
            push(replayed)  # newer orders are pushed, but the outbox shows older ones than those followed
            until(lambda: bool(heard))
        push.close()
    (event,) = heard
    assert (event["specversion"], event["type"]) == ("1.0", "muster.alert.raised")
    assert event["source"] == "/muster/gateway/default/g1"
    assert event["data"]["what"] == "orders-replayed"
    assert "orders 1 are older than orders 2" in event["data"]["words"]
    (line,) = (world.folder / "gateway" / "alerts.ndjson").read_text().splitlines()
    assert json.loads(line)["about"] == "gateway:default/g1"


def test_a_gateway_signs_its_log_with_the_one_key_that_it_holds(world: World, tmp_path: Path) -> None:
    world.order(world.release())
    key, port = KeyFile.create(tmp_path / "log.pem", Algorithm.ECDSA_P256), free_port()
    with running(world, port, log_key=tmp_path / "log.pem", gateway_name="g1") as process:
        assert ask(port, "/v2/models/loans/infer", jsonb(body(3)))[0] == 200
        process.terminate()
        assert process.wait(10) == 0
    sealing = Sealing((KeyGrant(Duty.GATEWAY_LOG, key.key, name="g1"),))
    reader = ArrowLogReader(world.folder / "log", verify)
    assert sum(batch.num_rows for batch in reader.batches("loans", sealing=sealing)) == 3
