from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from muster.lifecycle.catalogue import CATALOGUE
from muster.lifecycle.desk.action import Upload
from muster.records.people import Role
from muster.sdk.house import HouseClient, connect

if TYPE_CHECKING:
    from tests.conftest import Founded


class _Recorder:
    """A desk that keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def call(self, name: str, arguments: Any, progress: Any) -> str:
        progress("told")
        self.asked.append((name, dict(arguments)))
        return "done"

    def close(self) -> None:
        pass


@pytest.fixture
def house(founded: Founded) -> Iterator[HouseClient]:
    connected = connect(home=founded.home, actor="admin")
    yield connected
    connected._desk.close()


def test_actions_are_methods_of_their_nouns(house: HouseClient) -> None:
    made = house.actor.add("new", roles=(Role.OWNER, "auditor"))
    assert (made.roles, made.proposals) == (("auditor",), ("new:owner:1",))
    assert "new" in {actor.id for actor in house.actor.list()}
    assert house.call("ledger show", last=1)[0].subject == "actor:new"


def test_an_action_of_one_word_is_a_method_of_the_house(house: HouseClient) -> None:
    assert house.whoami().id == "admin"
    assert "whoami" in dir(house)


def test_errors_are_the_same_builtins(house: HouseClient) -> None:
    with pytest.raises(ValueError, match=r"actor add: roles\[0\]: 'king' is none of"):
        house.actor.add("new", roles=("king",))
    with pytest.raises(LookupError, match="no action is called 'actor dance'"):
        house.call("actor dance")
    with pytest.raises(AttributeError, match="there are .*use_case"):
        _ = house.usecase
    with pytest.raises(AttributeError, match="there are add, remove, list, show"):
        _ = house.actor.dance


def test_signatures_and_docstrings_are_those_of_the_actions(house: HouseClient) -> None:
    assert list(inspect.signature(house.actor.add).parameters) == ["id", "roles", "responsible", "days"]
    assert house.actor.add.__doc__ == CATALOGUE["actor add"].description
    assert "use_case" in dir(house)
    assert "register" in dir(house.use_case)
    with pytest.raises(TypeError, match="missing a required argument: 'id'"):
        house.actor.add()


def test_every_action_is_a_method() -> None:
    recorder = HouseClient(_Recorder(), lambda _: None)
    for asked in CATALOGUE.values():
        noun, _, verb = asked.name.replace("-", "_").rpartition(" ")
        assert callable(getattr(getattr(recorder, noun) if noun else recorder, verb))


def test_files_are_given_by_path(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_bytes(b"a\n1\n")
    desk = _Recorder()
    told: list[str] = []
    HouseClient(desk, told.append).call("dataset snapshot", table=tmp_path / "rows.csv", name="n")
    assert desk.asked == [("dataset snapshot", {"table": Upload("rows.csv", b"a\n1\n"), "name": "n"})]
    assert told == ["told"]
