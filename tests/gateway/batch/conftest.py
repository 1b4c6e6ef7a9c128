from __future__ import annotations

from pathlib import Path

import pytest
from tests.gateway.world import World


@pytest.fixture
def present(tmp_path: Path) -> World:
    """A world in the present, with a deployment: what scores a file has a real clock."""
    world = World(tmp_path, present=True)
    world.order(world.release())
    return world
