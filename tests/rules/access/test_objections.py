from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.access.scene import EVERYWHERE, NOW, confirmed, entry, house, proposal, token, why, write
from tests.rules.scene import USE_CASE

from muster.records.access.credentials import TokenRevocation
from muster.records.access.roles import ActorRemoval, RoleGrant, RoleWithdrawal, Scope
from muster.records.people import Actor, Role
from muster.rules.access.objections import author_of, within
from muster.rules.access.roll import SECOND_PERSON, SYSTEM, Roll

LOANS, CARDS = Scope(use_cases=("loans",)), Scope(business_units=("cards",))


def test_the_first_actor_is_let_in_by_founding_and_no_other() -> None:
    roll = Roll()
    assert why(roll, "local:ada", Actor("robot", (), responsible="ada")) == "the first actor of a house is a person"
    assert write(roll, "local:ada", Actor("ada", (Role.ADMIN,)))
    assert why(roll, "mallory", Actor("mallory", (Role.ADMIN,))) == "mallory is no admin of this house"
    assert not write(roll, "mallory", Actor("mallory", (Role.ADMIN,)))
    assert "mallory" not in roll.members


@pytest.mark.parametrize("role", sorted(SECOND_PERSON))
def test_a_role_that_needs_two_people_does_not_come_with_being_added(role: Role) -> None:
    roll = house()
    assert write(roll, "ada", Actor("eve", (role, Role.AUDITOR)))
    assert roll.members["eve"].roles(NOW) == {Role.AUDITOR}


@pytest.mark.parametrize("role", sorted(SECOND_PERSON))
def test_it_is_not_granted_by_one_admin_either(role: Role) -> None:
    assert "needs two people" in why(house(), "ada", RoleGrant("cleo", role, EVERYWHERE))


def test_the_only_admin_may_let_one_other_be_admin_too() -> None:
    roll = Roll()
    write(roll, "local:ada", Actor("ada", (Role.ADMIN,)))
    write(roll, "ada", Actor("ben", ()))
    write(roll, "ada", Actor("eve", ()))
    assert write(roll, "ada", RoleGrant("ben", Role.ADMIN, EVERYWHERE))
    assert "needs two people" in why(roll, "ada", RoleGrant("eve", Role.ADMIN, EVERYWHERE))
    assert write(roll, "ada", RoleWithdrawal("ben", Role.ADMIN, "left"))
    assert not why(roll, "ada", RoleGrant("eve", Role.ADMIN, EVERYWHERE))


def test_the_only_admin_does_not_pass_over_somebody_who_could_confirm() -> None:
    roll = house()
    given = proposal("cleo", Role.OWNER)
    assert write(roll, "ada", given)
    assert write(roll, "ben", confirmed(given))
    assert write(roll, "ada", ActorRemoval("ben", "out of the way"))
    write(roll, "ada", Actor("puppet", ()))
    assert "needs two people" in why(roll, "ada", RoleGrant("puppet", Role.ADMIN, EVERYWHERE))
    assert not why(roll, "ada", RoleGrant("cleo", Role.ADMIN, EVERYWHERE)), "nobody is left to confirm it but cleo"


@pytest.mark.parametrize(
    ("actor", "said"),
    [
        ("ada", "ada proposed it: another person must confirm it"),
        ("cleo", "cleo would get the role: another person must confirm it"),
        ("local:cleo", "cleo would get the role"),
        ("cleo/robot", "robot is no person who is known here: a service account cannot confirm"),
        ("ada/robot", "robot is no person who is known here"),
        ("dan", "dan may not confirm proposals: that takes one of the roles admin, executive, owner, risk-analyst"),
        ("ghost", "ghost is no person who is known here"),
    ],
)
def test_nobody_but_a_second_person_confirms(actor: str, said: str) -> None:
    roll = house()
    write(roll, "ada", Actor("dan", (Role.OPERATOR,)))
    asked = proposal()
    assert write(roll, "ada", asked)
    assert said in why(roll, actor, confirmed(asked))
    assert not write(roll, actor, confirmed(asked))
    assert roll.members["cleo"].roles(NOW) == {Role.OPERATOR}
    assert write(roll, "local:ben", confirmed(asked))
    assert roll.members["cleo"].roles(NOW) == {Role.OPERATOR, Role.OWNER}


def test_a_proposal_is_confirmed_once_as_it_was_and_in_time() -> None:
    roll, asked = house(), proposal(scope=LOANS)
    write(roll, "ada", asked)
    assert "is about something else" in why(roll, "ben", RoleGrant("cleo", Role.OWNER, EVERYWHERE, "p1"))
    assert "is about something else" in why(roll, "ben", RoleGrant("ben", Role.OWNER, LOANS, "p1"))
    assert "there is no proposal 'p2'" in why(roll, "ben", RoleGrant("cleo", Role.OWNER, LOANS, "p2"))
    assert "lapsed on 2026-11-30" in why(roll, "ben", confirmed(asked), asked.expires_at)
    assert write(roll, "ben", confirmed(asked), asked.expires_at - timedelta(seconds=1))
    assert "has been dealt with" in why(roll, "ben", confirmed(asked))
    assert "there is a proposal 'p1' already" in why(roll, "ada", proposal("ben"))


def test_a_proposal_lapses_soon() -> None:
    late = proposal(expires_at=NOW + timedelta(days=8))
    assert why(house(), "ada", late) == "a proposal lapses after 7 days"


@pytest.mark.parametrize(
    "overtaken",
    [
        RoleWithdrawal("cleo", Role.OWNER, "no"),
        ActorRemoval("cleo", "left"),
        RoleWithdrawal("ada", Role.ADMIN, "no"),
        ActorRemoval("ada", "left"),
    ],
)
def test_what_was_overtaken_cannot_be_confirmed(overtaken: Any) -> None:
    roll, asked = house(), proposal()
    write(roll, "ada", asked)
    assert write(roll, "ben", overtaken)
    assert why(roll, "ben", confirmed(asked))


def test_a_holder_of_a_role_that_signs_off_confirms_as_far_as_the_role_goes() -> None:
    roll = house()
    write(roll, "ada", Actor("eve", ()))
    own = proposal("eve", Role.RISK_ANALYST, LOANS, id="eve")
    write(roll, "ada", own)
    write(roll, "ben", confirmed(own))
    wide, narrow = proposal(id="wide"), proposal(scope=LOANS, id="narrow")
    for each in (wide, narrow):
        write(roll, "ada", each)
    assert "does not reach as far as proposal 'wide'" in why(roll, "eve", confirmed(wide))
    assert not why(roll, "eve", confirmed(narrow))


def test_what_the_control_plane_proposes_itself_needs_a_person_still() -> None:
    roll, asked = house(), proposal()
    assert write(roll, SYSTEM, asked)
    assert why(roll, SYSTEM, confirmed(asked))
    assert write(roll, "ada", confirmed(asked))
    assert why(roll, SYSTEM, Actor("guest", (Role.OPERATOR,)))
    assert write(roll, SYSTEM, Actor("guest", ()))


@pytest.mark.parametrize("role", sorted(SECOND_PERSON))
def test_a_service_account_holds_no_role_that_needs_a_person(role: Role) -> None:
    roll = house()
    assert "a person must be" in why(roll, "ada", proposal("robot", role))
    assert "a person must be" in why(roll, "ada", RoleGrant("robot", role, EVERYWHERE))


@pytest.mark.parametrize("responsible", ["ghost", "robot"])
def test_a_person_answers_for_a_service_account(responsible: str) -> None:
    assert "cannot answer for a service account" in why(house(), "ada", Actor("r2", (), responsible=responsible))


def test_an_admin_is_admin_everywhere_and_until_withdrawn() -> None:
    roll = house()
    assert "admin everywhere" in why(roll, "ada", proposal(role=Role.ADMIN, scope=CARDS))
    assert "until the role is withdrawn" in why(
        roll, "ada", RoleGrant("cleo", Role.ADMIN, EVERYWHERE, until=NOW + timedelta(days=1))
    )


def test_the_last_admin_stays() -> None:
    roll = house()
    assert write(roll, "ada", ActorRemoval("ben", "left"))
    for last in (ActorRemoval("ada", "left"), RoleWithdrawal("ada", Role.ADMIN, "left")):
        assert why(roll, "ada", last).startswith("this is the last admin")


def test_an_id_is_used_once() -> None:
    roll = house()
    write(roll, "ada", ActorRemoval("cleo", "left"))
    assert "give somebody new another id" in why(roll, "ada", Actor("cleo", ()))
    assert "no actor is called 'system'" in why(roll, "ada", Actor(SYSTEM, ()))


def test_tokens_are_made_by_their_owners_and_the_first_by_an_admin() -> None:
    roll = house()
    assert write(roll, "ada", token("cleo", "first"))
    assert "cleo makes their own tokens" in why(roll, "ada", token("cleo"))
    assert not why(roll, "cleo", token("cleo"))
    assert why(roll, "cleo", token("ada", "t2")) == "cleo is no admin of this house"
    assert "there is a token 'first' already" in why(roll, "cleo", token("cleo", "first"))
    for number in range(2):
        assert write(roll, "ben", token("robot", f"r{number}"))
    assert not why(roll, "cleo/robot", token("robot", "own"))
    assert "no actor 'ghost'" in why(roll, "ada", token("ghost", "x"))


@pytest.mark.parametrize("days", [0, -1, 366])
def test_a_token_has_an_end(days: float) -> None:
    assert why(house(), "cleo", token("cleo", days=days)) == "a token lives 1 to 365 days"


def test_a_locked_account_gets_no_token() -> None:
    roll = house()
    write(roll, "ada", ActorRemoval("cleo", "left"))
    assert "robot is locked" in why(roll, "ada", token("robot"))


@pytest.mark.parametrize(("actor", "may"), [("cleo", True), ("cleo/robot", True), ("ada", True), ("dan", False)])
def test_a_token_is_revoked_by_whoever_it_concerns(actor: str, may: bool) -> None:
    roll = house()
    write(roll, "ada", token("robot"))
    assert (not why(roll, actor, TokenRevocation("t1", "robot", "lost"))) == may
    assert "there is no token" in why(roll, "ada", TokenRevocation("t1", "cleo", "lost"))
    write(roll, "ada", TokenRevocation("t1", "robot", "lost"))
    assert "there is no token" in why(roll, "ada", TokenRevocation("t1", "robot", "lost"))


@pytest.mark.parametrize("actor", ["mallory", "cleo", "cleo/robot", "ada/robot", SYSTEM])
@pytest.mark.parametrize(
    "record",
    [
        Actor("eve", (Role.OPERATOR,)),
        ActorRemoval("ben", "x"),
        RoleGrant("cleo", Role.AUDITOR, EVERYWHERE),
        RoleWithdrawal("ben", Role.ADMIN, "x"),
    ],
    ids=lambda record: type(record).__name__,
)
def test_only_admins_change_who_may_act(actor: str, record: Any) -> None:
    assert "is no admin of this house" in why(house(), actor, record)


@pytest.mark.parametrize(
    ("actor", "author"), [("ana", "ana"), ("local:ana", "ana"), ("ana/nightly", "nightly"), ("local:ana/x", "x")]
)
def test_a_service_account_writes_under_its_own_id(actor: str, author: str) -> None:
    assert author_of(entry(actor, Actor("x", ()))) == author


NAMES = st.lists(st.sampled_from(["a", "b", "c"]), max_size=3, unique=True).map(tuple)
SCOPES = st.builds(Scope, NAMES, NAMES)


@given(SCOPES, SCOPES, st.sampled_from(["a", "b", "c", "d"]), st.sampled_from(["", "a", "b", "d"]))
def test_what_lies_in_a_narrower_scope_lies_in_the_wider(inner: Scope, outer: Scope, name: str, unit: str) -> None:
    case = replace(USE_CASE, id=name, business_unit=unit)
    if within(inner, outer) and inner.covers(case):
        assert outer.covers(case)
    assert within(inner, inner)
