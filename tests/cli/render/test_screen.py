from __future__ import annotations

from collections.abc import Callable

from muster.cli.render.registry import RENDERERS
from muster.cli.render.screen import MODULES
from muster.lifecycle.access.actors import NewActor


def test_renderers_are_chosen_by_type(shown: Callable[..., str]) -> None:
    assert "hand it over" in shown(NewActor("ana", (), "t"))
    assert "hand it over" not in shown((NewActor("ana", (), "t"),))


def test_every_module_registers_something() -> None:
    registered = {renderer.__module__ for renderer in RENDERERS.values()}
    assert registered == {module.__name__ for module in MODULES}
