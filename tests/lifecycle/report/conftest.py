from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.lifecycle.report.scene import known, story_of

from muster.lifecycle.report.story import Story


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    scene = known(tmp_path_factory.mktemp("known"))
    yield story_of(scene)
    scene.close()
