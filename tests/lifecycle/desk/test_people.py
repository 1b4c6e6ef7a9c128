from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.people import (
    TOKEN_PREFIX,
    identify,
    identity_of,
    known,
    locally,
    require_known,
    token_digest,
)
from muster.records.access.roles import Scope
from muster.records.people import Actor, Role
from muster.wiring.control import Local, now

if TYPE_CHECKING:
    from tests.conftest import Founded


def add(founded: "Founded", **asked: Any) -> Any:
    return founded.do("admin", "actor add", **asked)


def test_a_new_actor_is_known_by_the_token_and_by_nothing_else(founded: "Founded") -> None:
    made = add(founded, id="eve", roles=["operator", "auditor"])
    ledger = founded.opened[0].ledger
    assert made.token.startswith(TOKEN_PREFIX)
    assert len(made.token) > 40
    came = identify(ledger, made.token, now())
    assert (came.id, came.roles, came.local) == ("eve", {Role.OPERATOR, Role.AUDITOR}, False)
    assert came.session == made.token.split("_")[1]
    half, _, secret = made.token.rpartition("_")
    for other in ("", "muster_", made.token[:-1], made.token + " ", "x" + made.token, token_digest(made.token), half):
        with pytest.raises(PermissionError, match="this token is not known here"):
            identify(ledger, other, now())
    mixed = f"muster_{founded.tokens['ana'].split('_')[1]}_{secret}"
    with pytest.raises(PermissionError, match="this token is not known here"):
        identify(ledger, mixed, now())


def test_a_token_ends_by_itself(founded: "Founded") -> None:
    made = add(founded, id="eve", roles=["operator"], days=1)
    ledger = founded.opened[0].ledger
    assert identify(ledger, made.token, made.expires_at - timedelta(seconds=1)).id == "eve"
    with pytest.raises(PermissionError, match="of eve expired on 20"):
        identify(ledger, made.token, made.expires_at)


def test_a_narrowed_token_carries_no_more_than_it_says_and_no_more_than_its_actor_holds(founded: "Founded") -> None:
    add(founded, id="eve", roles=["operator", "auditor"])
    made = founded.do("eve", "token issue", label="nightly", roles=["auditor"], read_only=True)
    came = identify(founded.opened[0].ledger, made.token, now())
    assert (came.roles, came.read_only) == ({Role.AUDITOR}, True)
    founded.do("admin", "role withdraw", actor="eve", role="auditor", reason="moved")
    assert identify(founded.opened[0].ledger, made.token, now()).roles == frozenset()


def test_what_another_process_changed_counts_at_once(founded: "Founded") -> None:
    token = add(founded, id="eve", roles=["operator"]).token
    here = founded.opened[0].ledger
    other = Local(founded.open(), "admin")
    other.call("role withdraw", {"actor": "eve", "role": "operator", "reason": "moved"}, lambda _: None)
    assert identify(here, token, now()).roles == frozenset()
    other.call("actor remove", {"id": "eve", "reason": "left"}, lambda _: None)
    for ask in (
        lambda: identify(here, token, now()),
        lambda: locally(here, "eve", now()),
        lambda: identity_of(here, "eve", now()),
    ):
        with pytest.raises(PermissionError, match="eve was removed on 20"):
            ask()
    with pytest.raises(LookupError, match="no actor 'eve' is known here"):
        require_known(here, "eve")


def test_a_name_that_nobody_bears_gets_nobody_in(founded: "Founded") -> None:
    ledger = founded.open().ledger
    with pytest.raises(PermissionError, match="no actor 'ghost' is known here"):
        locally(ledger, "ghost", now())
    with pytest.raises(PermissionError, match="no actor 'ghost' is known here"):
        identity_of(ledger, "ghost", now())


def test_a_service_account_acts_in_the_name_of_its_person_and_is_locked_without_one(founded: "Founded") -> None:
    token = add(founded, id="robot", roles=["operator"], responsible="olga").token
    ledger = founded.opened[0].ledger
    came = identify(ledger, token, now())
    assert (came.actor, came.responsible) == ("olga/robot", "olga")
    assert locally(ledger, "robot", now()).actor == "local:olga/robot"
    founded.do("admin", "actor remove", id="olga", reason="left")
    with pytest.raises(PermissionError, match="robot is locked: olga, who answered for it, was removed"):
        identify(ledger, token, now())


def test_a_session_brings_no_role_that_needs_a_second_person(founded: "Founded") -> None:
    ledger = founded.open().ledger
    came = identity_of(ledger, "max", now(), session_roles=("auditor", "risk-analyst", "admin"), session="s1")
    assert (came.roles, came.session, came.local) == ({Role.ML_ENGINEER, Role.AUDITOR}, "s1", False)


def test_a_role_that_counts_somewhere_only_says_where(founded: "Founded") -> None:
    add(founded, id="eve")
    founded.do("admin", "role grant", actor="eve", role="operator", business_units=["retail"], days=30)
    founded.do("admin", "role grant", actor="eve", role="auditor")
    ledger = founded.opened[0].ledger
    came = locally(ledger, "eve", now())
    assert came.roles == {Role.OPERATOR, Role.AUDITOR}
    assert came.scopes == {Role.OPERATOR: (Scope(business_units=("retail",)),)}
    assert locally(ledger, "eve", now() + timedelta(days=31)).roles == {Role.AUDITOR}


def test_what_old_entries_say_of_a_token_lets_nobody_in(founded: "Founded") -> None:
    house = founded.open()
    desk = Local(house, "admin")
    old = "muster_" + "x" * 43
    Context(house, desk.identity(), lambda _: None).record(Actor("old", (Role.OPERATOR, Role.OWNER), token_digest(old)))
    assert locally(house.ledger, "old", now()).roles == {Role.OPERATOR}
    with pytest.raises(PermissionError, match="this token is not known here"):
        identify(house.ledger, old, now())


def test_a_roll_that_somebody_reads_never_changes(founded: "Founded") -> None:
    before = known(founded.open().ledger)
    members = dict(before.members)
    add(founded, id="eve")
    assert before.members == members
    assert "eve" in known(founded.opened[0].ledger).members
    assert known(founded.opened[0].ledger) is known(founded.opened[0].ledger)
