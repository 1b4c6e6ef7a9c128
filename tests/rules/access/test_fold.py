"""Whatever is written, by whomever, the roll keeps its promises."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rules.access.scene import EVERYWHERE, NOW, entry, house, proposal, token, write

from muster.records.access.credentials import IssuedToken, TokenRevocation
from muster.records.access.roles import ActorRemoval, RoleGrant, RoleProposal, RoleWithdrawal, Scope
from muster.records.entry import person_of
from muster.records.people import Actor, Role
from muster.rules.access.fold import KINDS, take
from muster.rules.access.roll import SECOND_PERSON, Roll

IDS = st.sampled_from(["ada", "ben", "cleo", "dan", "robot", "r2"])
WRITERS = st.sampled_from(["ada", "ben", "cleo", "dan", "local:ada", "cleo/robot", "ada/robot", "system", "ghost"])
ROLES = st.sampled_from(sorted(Role))
PLACES = st.sampled_from([EVERYWHERE, Scope(("loans",)), Scope((), ("cards",))])
PROPOSALS = st.sampled_from(["p1", "p2", "p3"])
TOKENS = st.sampled_from(["t1", "t2"])
ENDS = st.sampled_from([NOW + timedelta(days=n) for n in (1, 7, 90, 400)])
RECORDS = st.one_of(
    st.builds(
        Actor, IDS, st.lists(ROLES, max_size=3).map(tuple), st.just(""), st.sampled_from(["", "", "cleo", "robot"])
    ),
    st.builds(ActorRemoval, IDS, st.just("x")),
    st.builds(RoleProposal, PROPOSALS, IDS, ROLES, PLACES, st.just("x"), ENDS),
    st.builds(RoleGrant, IDS, ROLES, PLACES, st.one_of(st.just(""), PROPOSALS), st.one_of(st.none(), ENDS)),
    st.builds(RoleWithdrawal, IDS, ROLES, st.just("x")),
    st.builds(IssuedToken, TOKENS, IDS, st.just("0" * 64), st.just("x"), ENDS),
    st.builds(TokenRevocation, TOKENS, IDS, st.just("x")),
)
STORIES = st.lists(st.tuples(WRITERS, RECORDS), max_size=30)


def told(story: Iterable[tuple[str, Any]]) -> Roll:
    roll = house()
    for actor, record in story:
        write(roll, actor, record)
    return roll


@settings(max_examples=100)
@given(STORIES)
def test_a_role_that_needs_two_people_has_two(story: list[tuple[str, Any]]) -> None:
    for member in told(story).members.values():
        for held in member.holdings:
            alone = held.role is Role.ADMIN and not held.proposal
            if held.role in SECOND_PERSON and not alone:
                proposer, confirmer = held.given_by
                assert len({person_of(proposer), person_of(confirmer), member.id}) >= 2 + (proposer != member.id)
                assert not member.responsible


@settings(max_examples=100)
@given(STORIES)
def test_a_house_is_never_left_without_an_admin(story: list[tuple[str, Any]]) -> None:
    assert told(story).admins(NOW)


@settings(max_examples=100)
@given(STORIES)
def test_a_second_admin_beyond_the_first_two_was_confirmed(story: list[tuple[str, Any]]) -> None:
    roll = house()
    for actor, record in story:
        before, others = roll.admins(NOW), roll.confirmers(NOW)
        write(roll, actor, record)
        for new in roll.admins(NOW) - before:
            held = [each for each in roll.members[new].holdings if each.role is Role.ADMIN]
            assert all(each.proposal for each in held) or others <= {*before, new}
            assert all(each.proposal for each in held) or len(before) == 1


@given(STORIES)
def test_whoever_was_removed_holds_nothing_and_does_not_come_back(story: list[tuple[str, Any]]) -> None:
    roll = house()
    gone: set[str] = set()
    for actor, record in story:
        write(roll, actor, record)
        gone |= {id_ for id_, member in roll.members.items() if member.removed_at}
        assert all(roll.members[id_].removed_at and not roll.members[id_].holdings for id_ in gone)


@given(STORIES)
def test_what_does_not_count_changes_nothing(story: list[tuple[str, Any]]) -> None:
    roll = house()
    for actor, record in story:
        before = roll.copy()
        if not take(roll, entry(actor, record)):
            assert roll == before


@given(STORIES)
def test_a_copy_is_not_changed_by_what_comes_after(story: list[tuple[str, Any]]) -> None:
    roll = house()
    kept, same = roll.copy(), roll.copy()
    for actor, record in story:
        write(roll, actor, record)
    assert kept == same


def test_adding_again_as_older_ledgers_do_changes_plain_roles_only() -> None:
    roll = house()
    assert write(roll, "ada", Actor("cleo", (Role.AUDITOR, Role.OWNER)))
    assert roll.members["cleo"].roles(NOW) == {Role.AUDITOR}
    assert write(roll, "ada", Actor("ben", (Role.AUDITOR,), responsible="cleo"))
    assert roll.members["ben"].roles(NOW) == {Role.AUDITOR, Role.ADMIN}
    assert roll.members["ben"].responsible == ""


def test_a_role_is_given_once_for_each_place() -> None:
    roll = house()
    for until in (None, NOW + timedelta(days=1)):
        assert write(roll, "ada", RoleGrant("cleo", Role.AUDITOR, EVERYWHERE, until=until))
    assert write(roll, "ada", RoleGrant("cleo", Role.AUDITOR, Scope(("loans",))))
    assert roll.members["cleo"].scopes(Role.AUDITOR, NOW) == (EVERYWHERE, Scope(("loans",)))
    assert roll.members["cleo"].scopes(Role.AUDITOR, NOW + timedelta(days=1)) == (Scope(("loans",)),)


def test_tokens_are_found_by_their_ids() -> None:
    roll = house()
    write(roll, "cleo", token("cleo"))
    assert not roll.tokens["t1"].revoked
    write(roll, "cleo", TokenRevocation("t1", "cleo", "lost"))
    assert roll.tokens["t1"].revoked


def test_proposals_are_open_until_they_are_not() -> None:
    roll = house()
    write(roll, "ada", proposal())
    assert roll.proposals["p1"].open(NOW)
    assert not roll.proposals["p1"].open(NOW + timedelta(days=7))
    assert len(KINDS) == 7
