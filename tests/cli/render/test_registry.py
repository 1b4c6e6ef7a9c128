from __future__ import annotations

import pytest

from muster.cli.render.registry import RENDERERS, renders
from muster.cli.render.screen import MODULES
from muster.lifecycle.access.actors import NewActor


def test_a_type_is_rendered_in_one_way_only() -> None:
    assert MODULES
    before = RENDERERS[NewActor]
    with pytest.raises(ValueError, match="two renderers"):
        renders(NewActor)(before)
    assert RENDERERS[NewActor] is before
