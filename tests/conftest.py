"""What many tests stand on: a founded house with five actors, made once and copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from muster.lifecycle.desk.context import House
from muster.settings import FILE, Settings, read_settings
from muster.wiring.control import Local, close_house, open_house
from muster.wiring.founding import create_house

ACTORS = {"ines": ["admin"], "olga": ["operator"], "ana": ["risk-analyst"], "max": ["ml-engineer"]}


@dataclass
class Founded:
    """A house on disk, the tokens of its actors, and a way to open it that is closed again after the test."""

    home: Path
    tokens: dict[str, str]
    opened: list[House] = field(default_factory=list)

    @property
    def settings(self) -> Settings:
        return read_settings({"home": self.home}, {})

    def open(self) -> House:
        self.opened.append(open_house(self.settings))
        return self.opened[-1]

    def do(self, who: str, action: str, /, **asked: Any) -> Any:
        """Let an actor do something in the house, which is opened once."""
        house = self.opened[0] if self.opened else self.open()
        return Local(house, who).call(action, asked, lambda _: None)


@pytest.fixture(scope="session")
def _template(tmp_path_factory: pytest.TempPathFactory) -> Founded:
    home = tmp_path_factory.mktemp("founded") / "house"
    tokens = {"admin": create_house(home, "test.example/house", "admin").token}
    house = open_house(read_settings({"home": home}, {}))
    desk = Local(house, "admin")
    for name, roles in ACTORS.items():
        added = desk.call("actor add", {"id": name, "roles": roles}, lambda _: None)
        tokens[name] = added.token
        for proposal in added.proposals:
            Local(house, "ines").call("role confirm", {"proposal": proposal}, lambda _: None)
    close_house(house)
    return Founded(home, tokens)


@pytest.fixture
def founded(_template: Founded, tmp_path: Path) -> Iterator[Founded]:
    """A house of the test's own."""
    yield from _copy(_template, tmp_path / ".muster")


@pytest.fixture(scope="module")
def standing(_template: Founded, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Founded]:
    """A house for all tests of a file, which only ask it and change nothing that others ask."""
    yield from _copy(_template, tmp_path_factory.mktemp("standing") / ".muster")


def _copy(template: Founded, home: Path) -> Iterator[Founded]:
    shutil.copytree(template.home, home)
    assert (home / FILE).is_file()
    copy = Founded(home, template.tokens)
    yield copy
    for house in copy.opened:
        close_house(house)
