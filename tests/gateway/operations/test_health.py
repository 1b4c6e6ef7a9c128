"""Health as orchestrators ask for it: alive, and ready."""

from __future__ import annotations

from typing import Any

import pytest
from tests.gateway.caller import Caller
from tests.gateway.papers import body
from tests.gateway.world import World

from muster.adapters.arrowlog.writer import ArrowLog
from muster.records.governance.serving import LogTerms, WhenFull


def health(caller: Caller) -> dict[str, int]:
    paths = ("/healthz", "/readyz", "/v2/health/live", "/v2/health/ready", "/ping", "/loans/ping")
    return {path: caller.exchange("GET", path)[0] for path in paths}


def test_it_is_ready_while_something_serves_and_the_log_takes_rows(caller: Caller, world: World, log: ArrowLog) -> None:
    desk = caller.gateway.desk
    desk.log_takes = lambda: not log.figures().failing
    assert set(health(caller).values()) == {200}
    log.close()
    found = health(caller)
    assert found.pop("/healthz") == found.pop("/v2/health/live") == 200
    assert set(found.values()) == {503}
    world.order()
    caller.gateway.table = world.admissions(log).refresh()
    assert health(caller)["/readyz"] == 503
    assert health(caller)["/healthz"] == 200


def test_a_policy_that_may_lose_rows_is_ready_without_the_log(log: ArrowLog) -> None:
    from muster.gateway.recording import Recorder
    from muster.ports.log import Source, Stream

    source = Source(Stream.DECISIONS, "loans", "v", "s")
    assert Recorder(log, source, LogTerms(WhenFull.SAMPLE)).may_lose
    assert not Recorder(log, source).may_lose


def test_health_takes_get_and_says_nothing_more(caller: Caller) -> None:
    status, heads, content = caller.exchange("GET", "/readyz")
    assert (status, heads[b"content-type"], content) == (200, b"text/plain", b"ok\n")
    assert caller.exchange("POST", "/healthz", body())[0] == 405
    caller.gateway.table = type(caller.gateway.table)()
    assert caller.exchange("GET", "/readyz")[2] == b"not ready\n"


@pytest.mark.parametrize("path", ["/healthz/x", "/health/x"])
def test_other_paths_are_no_health(caller: Caller, path: str) -> None:
    status, answer = caller("GET", path)
    assert status == 404
    told: Any = answer["error"]
    assert "nothing is here" in told
