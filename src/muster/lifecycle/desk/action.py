"""Declare an action or a view once; every door is derived from the declaration.

A typed function whose first parameter is the :class:`~muster.lifecycle.desk.context.Context` becomes a command, an HTTP
route with OpenAPI and a form. Its other parameters are plain values, records, or :class:`Upload`; never paths.
Signatures use records and the standard library only, so that asking for help stays instant.
"""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from muster.records.people import Role

Function = TypeVar("Function", bound=Callable[..., Any])

CATALOGUE: dict[str, Action] = {}
"""Every action and view by its name, such as ``use-case register``."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody hands in: its bytes, and the name it had where it came from."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Download:
    """A file that somebody is given: its bytes and a suggested name."""

    name: str
    content: bytes
    media_type: str = "application/octet-stream"


class Effect(StrEnum):
    """Whether calling it changes anything."""

    ACTS = "acts"
    READS = "reads"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument of an action; ``required`` when it has no default."""

    name: str
    type: Any
    required: bool
    default: Any = None


@dataclass(frozen=True, slots=True)
class Action:
    """A declared action: name ``noun verb``, who may ask, what it takes, and the function that does it."""

    name: str
    effect: Effect
    roles: frozenset[Role]
    """Roles of which the actor needs one; empty: every known actor."""
    function: Callable[..., Any]
    parameters: tuple[Parameter, ...]

    @property
    def summary(self) -> str:
        """First line of the docstring, for menus."""
        return (inspect.getdoc(self.function) or "").partition("\n")[0]

    @property
    def description(self) -> str:
        """The whole docstring, for help pages."""
        return inspect.getdoc(self.function) or ""


def action(name: str, *, roles: tuple[Role, ...] = (), everybody: bool = False) -> Callable[[Function], Function]:
    """Declare a function that changes something; an actor needs one of the roles, unless ``everybody`` known may."""
    if bool(roles) == everybody:
        msg = f"action {name!r}: name at least one role that may do it, or say that everybody may"
        raise ValueError(msg)
    return _declare(name, Effect.ACTS, frozenset(roles))


def view(name: str, *, roles: tuple[Role, ...] = ()) -> Callable[[Function], Function]:
    """Declare a function that only reads; without roles, every known actor may."""
    return _declare(name, Effect.READS, frozenset(roles))


def _declare(name: str, effect: Effect, roles: frozenset[Role]) -> Callable[[Function], Function]:
    def register(function: Function) -> Function:
        if name in CATALOGUE:
            msg = f"two actions are called {name!r}"
            raise ValueError(msg)
        CATALOGUE[name] = Action(name, effect, roles, function, _parameters(function))
        return function

    return register


def _parameters(function: Callable[..., Any]) -> tuple[Parameter, ...]:
    hints = typing.get_type_hints(function)
    _, *asked = inspect.signature(function).parameters.values()
    return tuple(
        Parameter(p.name, hints[p.name], p.default is p.empty, None if p.default is p.empty else p.default)
        for p in asked
    )
