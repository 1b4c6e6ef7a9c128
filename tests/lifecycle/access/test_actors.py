from typing import TYPE_CHECKING, Any

import pytest

from muster.lifecycle.desk.people import identify
from muster.ports.directory import Session
from muster.records.access.credentials import SignInBy
from muster.records.people import Actor, Role
from muster.wiring.control import Local, now

if TYPE_CHECKING:
    from tests.conftest import Founded


def kinds(founded: "Founded", start: int) -> list[str]:
    founded.opened[0].ledger.refresh()
    return [recorded.entry.kind for recorded in founded.opened[0].ledger.read(start=start)]


def test_roles_that_need_no_second_person_are_in_force_at_once_and_others_wait(founded: "Founded") -> None:
    made = founded.do("admin", "actor add", id="eve", roles=["operator", "owner", "admin", "owner"])
    assert (made.roles, made.proposals) == (("operator",), ("eve:owner:1", "eve:admin:1"))
    (line,) = [each for each in founded.do("eve", "actor list") if each.id == "eve"]
    assert (line.roles, line.proposed) == (("operator",), ("owner (eve:owner:1)", "admin (eve:admin:1)"))
    founded.do("ines", "role confirm", proposal="eve:owner:1")
    (line,) = [each for each in founded.do("eve", "actor list") if each.id == "eve"]
    assert (line.roles, line.proposed) == (("operator", "owner"), ("admin (eve:admin:1)",))


def test_how_the_first_two_admins_came_to_be_is_said(founded: "Founded") -> None:
    notes = {line.id: line.note for line in founded.do("max", "actor list")}
    assert (notes["admin"], notes["ines"]) == ("founded the house", "admin by local:admin alone")
    assert notes["ana"] == ""


@pytest.mark.parametrize("name", ["", "a b", "local:eve", "a/b", "eve\n", "\u0430na", "\uff41na"])
def test_an_id_that_could_be_taken_for_another_is_refused(founded: "Founded", name: str) -> None:
    before = founded.open().ledger.refresh()
    with pytest.raises(ValueError, match="no two ids look alike"):
        founded.do("admin", "actor add", id=name, roles=["auditor"])
    assert kinds(founded, before) == []


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        ({"id": "system"}, ValueError, "entries that nobody asked for bear that name"),
        ({"id": "ana"}, ValueError, "actor 'ana' is known here already. Roles: muster role grant"),
        ({"id": "Ana"}, ValueError, "is that of 'ana' but for capitals, and one would be taken for the other"),
        ({"id": "eve", "days": 366}, ValueError, "a token lives 1 to 365 days, not 366"),
        ({"id": "eve", "days": 0}, ValueError, "a token lives 1 to 365 days, not 0"),
        ({"id": "bot", "responsible": "ghost"}, PermissionError, "'ghost' cannot answer for a service account"),
        ({"id": "bot", "responsible": "olga", "roles": ["owner"]}, PermissionError, "a person must be owner"),
        ({"id": "bot", "responsible": "olga", "roles": ["admin"]}, PermissionError, "a person must be admin"),
    ],
)
def test_what_cannot_be_added_leaves_nothing_behind(
    founded: "Founded", asked: dict[str, Any], error: type[Exception], said: str
) -> None:
    before = founded.open().ledger.refresh()
    with pytest.raises(error, match=said):
        founded.do("admin", "actor add", **asked)
    assert kinds(founded, before) == ["action.refused"] * (error is PermissionError)


def test_whoever_is_removed_comes_in_no_more_and_their_accounts_are_locked(founded: "Founded") -> None:
    founded.do("admin", "actor add", id="robot", roles=["operator"], responsible="olga")
    house = founded.opened[0]
    session = Session("s1", "olga", "0", SignInBy.PASSWORD, now(), now(), identity_end(founded))
    house.directory.open_session(session)
    page = founded.do("admin", "actor remove", id="olga", reason="left the bank")
    assert (page.roles, page.accounts, page.state[:10]) == ((), ("robot",), "removed on")
    assert {line.state for line in (*page.tokens, *founded.do("admin", "token list", actor="robot"))} == {"ended"}
    assert house.directory.sessions("olga") == []
    with pytest.raises(PermissionError, match="olga was removed"):
        identify(house.ledger, founded.tokens["olga"], now())
    lines = {line.id: line.state for line in founded.do("max", "actor list")}
    assert lines["robot"] == "locked"
    assert "olga" not in lines
    with pytest.raises(ValueError, match="actor 'olga' was removed: give somebody new another id"):
        founded.do("admin", "actor add", id="olga")
    with pytest.raises(LookupError, match="no actor 'olga' is known here"):
        founded.do("admin", "actor remove", id="olga", reason="again")


def identity_end(founded: "Founded") -> Any:
    return founded.do("olga", "token list")[0].expires_at


def test_nobody_removes_the_last_admin(founded: "Founded") -> None:
    founded.do("admin", "actor remove", id="ines", reason="left")
    with pytest.raises(PermissionError, match="this is the last admin"):
        founded.do("admin", "actor remove", id="admin", reason="tired")


def test_an_actor_is_shown_with_who_gave_what(founded: "Founded") -> None:
    page = founded.do("max", "actor show", id="ana")
    (role,) = page.roles
    assert (role.role, role.state, role.by) == ("risk-analyst", "in force", ("local:admin", "local:ines"))
    (token,) = page.tokens
    assert (token.state, token.label, token.issued_by) == ("good", "made when the actor was added", "local:admin")
    with pytest.raises(LookupError, match="no actor 'ghost'"):
        founded.do("max", "actor show", id="ghost")


def test_names_are_for_admins_and_auditors(founded: "Founded") -> None:
    founded.do("admin", "person set", actor="ana", name="Ana García")
    named = {who: {line.id: line.name for line in founded.do(who, "actor list")}["ana"] for who in ("admin", "max")}
    assert named == {"admin": "Ana García", "max": ""}
    assert founded.do("max", "actor show", id="ana").name == ""
    assert founded.do("ana", "actor show", id="ana").name == "Ana García"


def test_entries_that_were_forced_into_the_ledger_give_nobody_anything(founded: "Founded") -> None:
    from muster.lifecycle.desk.context import Context

    house = founded.open()
    as_max = Context(house, Local(house, "max").identity(), lambda _: None)
    as_max.record(Actor("sock", (Role.ADMIN,)), Actor("max", (Role.ADMIN,)))
    with pytest.raises(PermissionError, match="needs the role admin"):
        founded.do("max", "actor add", id="friend")
    with pytest.raises(PermissionError, match="no actor 'sock' is known here"):
        founded.do("sock", "actor list")
