from __future__ import annotations

import pytest

from muster.columns.packages.vocabulary.ordinary import GENERIC, placeholder

STANDING_IN = "your_module my-app <pkg> foo my_package package-name {name} $X ... @your-org/x nonexistent_module x"
REAL = "requests numpy mypy mysqlclient anyio theano thefuzz customtkinter newspaper3k someones-lib-x"


@pytest.mark.parametrize("name", STANDING_IN.split())
def test_names_that_stand_for_names(name: str) -> None:
    assert placeholder(name)


@pytest.mark.parametrize("name", REAL.split())
def test_real_names_that_begin_alike_are_none(name: str) -> None:
    assert not placeholder(name)


def test_what_every_project_has_is_generic() -> None:
    assert {"utils", "config", "models", "tests"} <= GENERIC
    assert not GENERIC & {"requests", "numpy", "attr", "yaml"}
