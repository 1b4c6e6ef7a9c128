"""A disk that takes nothing any more: a gateway does what its policy says, and loses nothing of what it kept."""

from __future__ import annotations

import resource
import time
from dataclasses import replace
from pathlib import Path

import pytest
from tests.gateway.caller import jsonb
from tests.gateway.papers.written import POLICY
from tests.gateway.world import World
from tests.stories.test_gateway import ask, free_port, running, until

from muster.ports.log import Stream
from muster.records.governance.serving import LogTerms, ServingTerms, WhenFull

pytestmark = pytest.mark.enable_socket


def answered(port: int) -> tuple[int, bool]:
    """Ask; return the status, and whether the answer is logged."""
    status, answer = ask(port, "/predict/loans", jsonb({"income": 30_000.0, "months": 12, "job": "clerk"}))
    return status, status == 200 and answer.get("logged", True)


@pytest.mark.parametrize(
    ("when", "during"),
    [(WhenFull.REFUSE, (503, False)), (WhenFull.BLOCK, (503, False)), (WhenFull.SAMPLE, (200, False))],
)
def test_a_gateway_whose_disk_is_full_does_what_its_policy_says_and_goes_on_afterwards(
    tmp_path: Path, when: WhenFull, during: tuple[int, bool]
) -> None:
    world, port = World(tmp_path, present=True), free_port()
    terms = LogTerms(when_full=when, wait_seconds=0.4 if when is WhenFull.BLOCK else 0.0, share=1.0)
    world.order(world.release(policy=replace(POLICY, serving=ServingTerms(log=terms))))
    with running(world, port) as process:
        assert [answered(port) for _ in range(5)] == 5 * [(200, True)]
        until(lambda: len(world.logged()) == 5)
        _, most = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (0, most))  # no file of it may grow, as on a full disk
        assert answered(port) == (200, True)  # it waits for the disk, and is kept in the end
        until(lambda: answered(port) == during)
        began = time.monotonic()
        assert [answered(port) for _ in range(2)] == 2 * [during]
        assert (time.monotonic() - began > 0.7) is (when is WhenFull.BLOCK)
        assert (ask(port, "/v2/health/ready")[0] == 200) is (when is WhenFull.SAMPLE)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (most, most))
        until(lambda: answered(port) == (200, True))
        assert ask(port, "/v2/health/ready")[0] == 200
        process.terminate()
        assert process.wait(15) == 0
    rows = world.logged()
    assert len({row["decision_id"] for row in rows}) == len(rows) >= 7
    missed = [row["rows"] for row in world.logged(stream=Stream.REFUSALS) if row["guard"] == "log"]
    assert (sum(missed) >= 3) is (when is WhenFull.SAMPLE)
