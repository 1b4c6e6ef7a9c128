"""Muster in a notebook: ``house = connect()``, then ``house.use_case.register(...)``, as at every other door."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

from muster.lifecycle.catalogue import CATALOGUE
from muster.lifecycle.desk.action import Action, Upload
from muster.ports.executor import Progress
from muster.records.codec import encode
from muster.settings import read_settings
from muster.wiring.remote.client import Desk, returned
from muster.wiring.remote.client import connect as desk_of
from muster.wiring.remote.wire import uploads_of


def connect(
    url: str | None = None, token: str | None = None, *, home: str | Path | None = None, actor: str | None = None
) -> HouseClient:
    """Return a house to work with.

    Parameters
    ----------
    url, token
        A control plane and a bearer token for it; by default ``MUSTER_URL`` and ``MUSTER_TOKEN``.
    home, actor
        Without a control plane: the folder of the house, and who acts; by default ``MUSTER_HOME`` and ``MUSTER_ACTOR``.

    Raises
    ------
    ValueError
        If a setting is wrong.
    FileNotFoundError
        If there is neither a control plane named nor a house in the folder.
    """
    flags = {"url": url, "token": token, "home": None if home is None else str(home), "actor": actor}
    return HouseClient(desk_of(read_settings(flags)))


class HouseClient:
    """Every action and view of the catalogue as a method, grouped by noun: ``house.actor.list()``, ``house.whoami()``.

    Parameters
    ----------
    desk
        Where actions are asked for.
    progress
        Told each step of long work; by default it is printed.
    """

    def __init__(self, desk: Desk, progress: Progress = print) -> None:
        self._desk = desk
        self._progress = progress

    def call(self, name: str, /, **arguments: Any) -> Any:
        """Perform the action ``name``, such as ``use-case register``.

        Arguments are values or records by parameter name; for a file, an Upload or the path of one.
        """
        asked = CATALOGUE.get(name)
        files = uploads_of(asked) if asked else ()
        values = {key: _upload(value) if key in files else encode(value) for key, value in arguments.items()}
        return self._desk.call(name, values, self._progress)

    def __getattr__(self, name: str) -> Any:
        noun = name.replace("_", "-")
        if noun in CATALOGUE:  # an action of one word, such as whoami
            return _method(self, CATALOGUE[noun])
        if noun not in _nouns():
            msg = f"no noun {name!r}; there are {', '.join(sorted(_nouns())).replace('-', '_')}"
            raise AttributeError(msg)
        return Noun(self, noun)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *(noun.replace("-", "_") for noun in _nouns())]


class Noun:
    """The actions about one noun, as methods with the signatures and docstrings of the actions themselves."""

    def __init__(self, house: HouseClient, noun: str) -> None:
        self._house = house
        self._verbs = _nouns()[noun]
        self.__doc__ = "\n".join(f"{verb}: {asked.summary}" for verb, asked in self._verbs.items())

    def __getattr__(self, name: str) -> Callable[..., Any]:
        asked = self._verbs.get(name.replace("_", "-"))
        if asked is None:
            msg = f"no such action {name!r}; there are {', '.join(self._verbs).replace('-', '_')}"
            raise AttributeError(msg)
        return _method(self._house, asked)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *(verb.replace("-", "_") for verb in self._verbs)]


def _method(house: HouseClient, asked: Action) -> Callable[..., Any]:
    own = inspect.signature(asked.function)
    signature = own.replace(parameters=list(own.parameters.values())[1:])

    def method(*values: Any, **named: Any) -> Any:
        return house.call(asked.name, **signature.bind(*values, **named).arguments)

    method.__name__ = asked.name.rpartition(" ")[2].replace("-", "_")
    method.__doc__ = asked.description
    method.__signature__ = signature  # type: ignore[attr-defined]
    method.__annotations__ = {"return": returned(asked)}
    return method


def _nouns() -> dict[str, dict[str, Action]]:
    found: dict[str, dict[str, Action]] = {}
    for asked in CATALOGUE.values():
        noun, _, verb = asked.name.partition(" ")
        found.setdefault(noun, {})[verb] = asked
    return found


def _upload(value: Any) -> Any:
    if isinstance(value, (str, Path)):
        path = Path(value)
        return Upload(path.name, path.read_bytes())
    return value
