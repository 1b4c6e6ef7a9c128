from typing import TYPE_CHECKING, Any

import pytest

from muster.lifecycle.desk.people import TOKEN_PREFIX, identify, locally, token_digest
from muster.records.people import Role
from muster.wiring.control import Local

if TYPE_CHECKING:
    from tests.conftest import Founded


def add(founded: "Founded", **asked: Any) -> Any:
    house = founded.opened[0] if founded.opened else founded.open()
    return Local(house, "admin").call("actor add", asked, lambda _: None)


def test_a_new_actor_is_known_by_the_token_and_by_nothing_else(founded: "Founded") -> None:
    made = add(founded, id="eve", roles=["owner", "auditor"])
    ledger = founded.opened[0].ledger
    assert made.token.startswith(TOKEN_PREFIX)
    assert len(made.token) > 40
    known = identify(ledger, made.token)
    assert (known.id, known.roles, known.local) == ("eve", {Role.OWNER, Role.AUDITOR}, False)
    for other in ("", "muster_", made.token[:-1], made.token + " ", token_digest(made.token)):
        with pytest.raises(PermissionError, match="this token is not known here"):
            identify(ledger, other)


def test_adding_again_replaces_roles_and_token(founded: "Founded") -> None:
    first, second = (add(founded, id="eve", roles=[role]).token for role in ("owner", "auditor"))
    ledger = founded.opened[0].ledger
    assert identify(ledger, second).roles == {Role.AUDITOR}
    with pytest.raises(PermissionError, match="not known here"):
        identify(ledger, first)


def test_what_another_process_changed_counts_at_once(founded: "Founded") -> None:
    token = add(founded, id="eve", roles=["owner"]).token
    here = founded.opened[0].ledger
    other = Local(founded.open(), "admin")
    other.call("actor add", {"id": "eve", "roles": ["auditor"]}, lambda _: None)
    with pytest.raises(PermissionError):
        identify(here, token)
    assert locally(here, "eve").roles == {Role.AUDITOR}


def test_the_list_tells_roles_and_no_digests(founded: "Founded") -> None:
    add(founded, id="robot", roles=["operator"], responsible="olga")
    listed = Local(founded.opened[0], "ana").call("actor list", {}, lambda _: None)
    assert [actor.id for actor in listed] == ["admin", "olga", "ana", "max", "robot"]
    assert listed[-1].responsible == "olga"
    assert {actor.token_digest for actor in listed} == {""}


@pytest.mark.parametrize("name", ["", "a b", "local:eve", "a/b", "eve\n", "\u0430na", "\uff41na"])
def test_an_id_that_could_be_taken_for_another_is_refused(founded: "Founded", name: str) -> None:
    founded.open()
    before = founded.opened[0].ledger.refresh()
    with pytest.raises(ValueError, match="no two ids look alike"):
        add(founded, id=name, roles=["owner"])
    assert founded.opened[0].ledger.refresh() == before


def test_somebody_without_a_role_could_do_nothing(founded: "Founded") -> None:
    with pytest.raises(ValueError, match="give at least one role"):
        add(founded, id="eve", roles=[])


def test_a_name_that_nobody_bears_gets_nobody_in(founded: "Founded") -> None:
    with pytest.raises(PermissionError, match="no actor 'ghost' is known here"):
        locally(founded.open().ledger, "ghost")
