from __future__ import annotations

import inspect

from muster.cli.local.listing import LOCAL, MODULES
from muster.lifecycle.catalogue import CATALOGUE


def test_every_module_declares_commands() -> None:
    assert {command.function.__module__ for command in LOCAL.values()} >= {module.__name__ for module in MODULES}


def test_a_local_command_hides_an_action_only_where_it_asks_it_and_does_more() -> None:
    both = set(LOCAL) & set(CATALOGUE)
    assert [name for name in both if f'session.call("{name}", ' not in inspect.getsource(LOCAL[name].function)] == []


def test_every_command_says_what_it_does() -> None:
    assert all(command.summary.endswith(".") for command in LOCAL.values())
