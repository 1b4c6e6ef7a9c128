"""A house with two released versions, made once, for tests of traffic."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.hearing import Heard
from tests.lifecycle.serve.traffic.scene import second
from tests.walk import Now, Walked


@pytest.fixture(scope="session")
def _paired_template(_walked_template: Walked, tmp_path_factory: pytest.TempPathFactory) -> tuple[Walked, str]:
    home = tmp_path_factory.mktemp("paired") / "house"
    shutil.copytree(_walked_template.home, home)
    made = replace(_walked_template, home=home, clock=Now(), opened=[], logs=[], heard=Heard())
    other = second(made)
    made.close()
    return made, other


@pytest.fixture
def other(_paired_template: tuple[Walked, str]) -> str:
    """The version that is released beside the one that answers."""
    return _paired_template[1]


@pytest.fixture
def paired(_paired_template: tuple[Walked, str], tmp_path: Path) -> Iterator[Walked]:
    """A house of its own for each test."""
    home = tmp_path / "paired"
    shutil.copytree(_paired_template[0].home, home)
    copy = replace(_paired_template[0], home=home, clock=Now(), opened=[], logs=[], heard=Heard())
    copy.add("olga", "operator")
    copy.add("eve", "executive")
    yield copy
    copy.close()
