from __future__ import annotations

from pathlib import Path

from tests.gateway.world import World

from muster.gateway.process import explain, serve
from muster.settings import Settings


def test_nothing_begins_without_a_pinned_root_or_an_outbox(tmp_path: Path) -> None:
    told: list[str] = []
    assert serve(Settings(home=tmp_path), told.append) == 2
    assert explain(Settings(home=tmp_path), told.append) == 2
    assert all("no trust root was given" in line for line in told)
    assert explain(Settings(home=tmp_path, root="sha256:0"), told.append) == 2
    assert "no folder" in told[-1]
    assert list(tmp_path.iterdir()) == []


def test_explaining_tells_the_whole_chain(tmp_path: Path) -> None:
    world = World(tmp_path, present=True)
    world.order(world.release())
    told: list[str] = []
    assert explain(Settings(home=tmp_path, root=world.pinned), told.append) == 0
    for step in (
        "trust root version 1",
        "orders 1",
        "release package",
        "gate, asked again",
        "artifact",
        "serves until",
    ):
        assert any(step in line for line in told), step
    world.order()
    assert explain(Settings(home=tmp_path, root=world.pinned), told.append) == 1
