from __future__ import annotations

from muster.cli.local.listing import LOCAL, MODULES
from muster.lifecycle.catalogue import CATALOGUE


def test_every_module_declares_commands() -> None:
    assert {command.function.__module__ for command in LOCAL.values()} >= {module.__name__ for module in MODULES}


def test_local_commands_do_not_hide_actions() -> None:
    assert not set(LOCAL) & set(CATALOGUE)


def test_every_command_says_what_it_does() -> None:
    assert all(command.summary.endswith(".") for command in LOCAL.values())
