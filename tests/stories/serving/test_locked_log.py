"""A log that only a key opens, written by a gateway that is killed, and read by those who have the key or not."""

from __future__ import annotations

import base64
import os
import secrets
import signal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tests.gateway.caller import jsonb
from tests.gateway.papers.written import body
from tests.gateway.world import World
from tests.stories.serving.test_workers import children, total
from tests.stories.serving.test_workers import running as several
from tests.stories.test_gateway import ask, free_port, running, until

from muster.adapters.arrowlog.reader import ArrowLogReader
from muster.adapters.signatures import verify
from muster.adapters.vault.frames import FrameCipher
from muster.ports.log import FRAMED, Locked, Sealing
from muster.records.trust import Duty, KeyGrant
from muster.wiring.keyring import new_key

pytestmark = pytest.mark.enable_socket


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    path = tmp_path / "log.keys"
    path.write_bytes(base64.b64encode(secrets.token_bytes(32)))
    path.chmod(0o600)
    return path


def test_nothing_of_it_is_ever_on_disk_as_it_is_and_nothing_is_lost_by_a_kill(
    tmp_path: Path, keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("muster.adapters.arrowlog.reader.SEALED_WITHIN_S", 0.0)
    world = World(tmp_path / "world", present=True)
    world.order(world.release())
    public = new_key(tmp_path / "log.pem", Duty.GATEWAY_LOG, name="g1").public
    given = {"log_encryption_key": keys, "log_key": tmp_path / "log.pem", "gateway_name": "g1"}
    port, log = free_port(), world.folder / "log"
    with running(world, port, **given) as process:
        ids = asked(port)
        until(lambda: sum(batch.num_rows for batch in reader(log, keys).batches("loans")) == len(ids))
        process.kill()
        process.wait(10)
    (left,) = log.rglob("*.open")
    assert left.read_bytes().startswith(FRAMED)
    assert not any(word in left.read_bytes() for word in (b"input.", b"schema=allow", ids[0].encode()))

    with running(world, port, **given) as process:  # it closes and signs what its earlier life left
        more = asked(port)
        process.terminate()
        assert process.wait(10) == 0
    sealing = Sealing((KeyGrant(Duty.GATEWAY_LOG, public, name="g1"),))
    batches = list(reader(log, keys).batches("loans", sealing=sealing))
    assert {each for batch in batches for each in batch.column("decision_id").to_pylist()} == {*ids, *more}
    with pytest.raises(Locked, match="give the file with it as setting log_encryption_key"):
        list(ArrowLogReader(log, verify).batches("loans", sealing=sealing))  # locked, and never tampered with


def test_two_workers_seal_chains_of_their_own_and_nothing_is_lost_when_one_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("muster.adapters.arrowlog.reader.SEALED_WITHIN_S", 0.0)
    world = World(tmp_path / "world", present=True)
    world.order(world.release())
    public = new_key(tmp_path / "log.pem", Duty.GATEWAY_LOG, name="g1").public
    key = base64.b64encode(secrets.token_bytes(32)).decode()
    monkeypatch.setenv("MUSTER_LOG_ENCRYPTION_KEYS", key)  # in no command line; workers inherit it
    log, cipher = world.folder / "log", FrameCipher.read(key.encode(), "here")
    answered: set[str] = set()
    with several(world, log_key=tmp_path / "log.pem", gateway_name="g1") as (process, told, port, metrics):
        assert not any(key.encode() in Path(f"/proc/{pid}/cmdline").read_bytes() for pid in children(process))
        read = partial(ArrowLogReader(log, verify, cipher).batches, "loans")

        def on_disk() -> bool:
            return sum(batch.num_rows for batch in read()) == len(answered)

        for ending in (signal.SIGKILL, signal.SIGTERM):
            for _ in range(30):
                status, answer = ask(port, "/v2/models/loans/infer", jsonb(body()))
                assert status == 200
                answered |= {
                    str(each) for out in answer["outputs"] if out["name"] == "decision_id" for each in out["data"]
                }
            until(on_disk)
            if ending is signal.SIGKILL:
                os.kill(children(process)[0], signal.SIGKILL)
                until(lambda: total(metrics, "muster_worker_restarts_total") == 1)
                until(lambda: total(metrics, "muster_workers") == 2, 30)
        process.terminate()
        assert process.wait(30) == 0
        assert key not in told.read_text()
    assert not list(log.rglob("*.open"))
    assert all(path.read_bytes().startswith(FRAMED) for path in log.rglob("*.arrows"))
    sealing = Sealing((KeyGrant(Duty.GATEWAY_LOG, public, name="g1"),))
    kept = [row for batch in read(sealing=sealing) for row in batch.column("decision_id").to_pylist()]
    assert sorted(kept) == sorted(answered)
    assert {path.parent.name for path in world.folder.rglob("log-chain.json")} == {"worker-1", "worker-2"}


def test_a_gateway_does_not_start_with_keys_that_others_may_read(tmp_path: Path, keys: Path) -> None:
    world = World(tmp_path / "world", present=True)
    keys.chmod(0o644)
    with pytest.raises(AssertionError, match="chmod 600"), running(world, free_port(), log_encryption_key=keys):
        pass


def reader(log: Path, keys: Path) -> ArrowLogReader:
    return ArrowLogReader(log, verify, FrameCipher.load(keys))


def asked(port: int) -> list[str]:
    found: list[str] = []
    for _ in range(5):
        status, answer = ask(port, "/v2/models/loans/infer", jsonb(body()))
        assert status == 200
        found += ids_of(answer)
    return found


def ids_of(answer: dict[str, Any]) -> list[str]:
    return [str(each) for output in answer["outputs"] if output["name"] == "decision_id" for each in output["data"]]
