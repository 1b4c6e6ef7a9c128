from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from muster.ports.directory import Person

if TYPE_CHECKING:
    from tests.conftest import Founded

NAME, EMAIL = "Ana García-Löwenstein", "ana@bank.example"


def test_a_name_is_in_the_directory_and_nowhere_else(founded: "Founded") -> None:
    founded.do("ana", "person set", actor="ana", name=NAME)
    line = founded.do("admin", "person set", actor="ana", email=EMAIL)
    assert (line.name, line.email, line.signs_in_by) == (NAME, EMAIL, ())
    assert founded.do("admin", "person show", actor="ana") == line
    assert founded.do("admin", "person list") == (line,)
    holding = [path.name for path in founded.home.rglob("*") if path.is_file() and NAME.encode() in path.read_bytes()]
    assert holding == ["directory.sqlite"]


def test_others_neither_set_nor_see_it(founded: "Founded") -> None:
    with pytest.raises(PermissionError, match="max says who they are themself; an admin does it for ana"):
        founded.do("max", "person set", actor="ana", name="Mallory")
    for action in ("person list", "person show"):
        with pytest.raises(PermissionError, match="needs the role admin or auditor"):
            founded.do("max", action, **({"actor": "ana"} if action == "person show" else {}))


def test_a_role_that_counts_in_places_shows_no_names(founded: "Founded") -> None:
    founded.do("ana", "person set", actor="ana", name=NAME)
    founded.do("admin", "role grant", actor="max", role="auditor", business_units=["cards"])
    seen = {page.id: page.name for page in founded.do("max", "actor list")}
    assert (seen["ana"], founded.do("max", "actor show", id="ana").name) == ("", "")
    with pytest.raises(PermissionError, match="max is shown their own tokens"):
        founded.do("max", "token list", actor="ana")
    founded.do("admin", "role grant", actor="max", role="auditor")
    assert founded.do("max", "actor show", id="ana").name == NAME


def test_credentials_stay_as_they_are_and_are_not_shown(founded: "Founded") -> None:
    kept = Person("ana", NAME, EMAIL, "$argon2id$secret", "https://idp.example", "sub", "00")
    founded.open().directory.keep(kept)
    line = founded.do("ana", "person set", actor="ana", name="Ana")
    assert line.signs_in_by == ("password", "https://idp.example")
    assert "secret" not in repr(line)
    assert founded.opened[0].directory.person("ana") == replace(kept, name="Ana")


def test_nobody_is_made_up(founded: "Founded") -> None:
    with pytest.raises(LookupError, match="no actor 'ghost'"):
        founded.do("admin", "person set", actor="ghost", name="x")
    with pytest.raises(LookupError, match="the directory says nothing of 'max'"):
        founded.do("admin", "person show", actor="max")
    with pytest.raises(ValueError, match="say what is to be set"):
        founded.do("max", "person set", actor="max")
