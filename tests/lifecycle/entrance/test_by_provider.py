from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from muster.lifecycle.entrance.by_provider import brought, by_provider, tie_by_link
from muster.lifecycle.entrance.ways import Ways
from muster.ports.directory import Claims, Person
from muster.records.access.alert import Suspicious
from muster.records.canonical import canonical
from muster.records.people import Role

if TYPE_CHECKING:
    from tests.entered import Entered

ZOE = Claims("https://idp.example", "00u-zoe", "Zoe Martin", "zoe@bank.example", ("risk", "staff", "ops"))
WAYS = Ways(groups={"risk": Role.RISK_ANALYST, "ops": Role.OPERATOR, "boss": Role.ADMIN})


def test_whoever_is_tied_is_known_by_their_name_there(entered: Entered) -> None:
    assert tie_by_link(entered.house, entered.link("max"), ZOE) == "max"
    assert by_provider(entered.house, WAYS, ZOE) == ("max", (Role.OPERATOR,))
    person = entered.house.directory.person("max")
    assert person is not None
    assert (person.name, person.email) == ("Zoe Martin", "zoe@bank.example")


def test_a_stranger_is_refused(entered: Entered) -> None:
    with pytest.raises(PermissionError, match="ask an admin for a one-time link"):
        by_provider(entered.house, WAYS, ZOE)
    assert not entered.house.directory.persons()


def test_where_the_setting_says_so_a_stranger_becomes_an_actor_without_roles(entered: Entered) -> None:
    ways = replace(WAYS, join=True, groups={})
    actor, roles = by_provider(entered.house, ways, ZOE)
    assert (actor[:2], roles) == ("p-", ())
    assert by_provider(entered.house, ways, ZOE)[0] == actor, "the second time it is the same actor"
    assert entered.do(actor, "whoami").roles == ()
    everything = b"".join(recorded.raw for recorded in entered.house.ledger.read())
    for personal in (ZOE.name, ZOE.email, ZOE.subject):
        assert personal.encode() not in everything


def test_a_role_that_signs_off_is_proposed_once_and_takes_a_second_person(entered: Entered) -> None:
    tie_by_link(entered.house, entered.link("max"), ZOE)
    for _ in range(3):
        assert by_provider(entered.house, WAYS, ZOE)[1] == (Role.OPERATOR,)
    (proposal,) = entered.entries("role.proposed")[-1:]
    assert (proposal["actor"], proposal["role"]) == ("max", "risk-analyst")
    assert len([each for each in entered.entries("role.proposed") if each["actor"] == "max"]) == 1
    with pytest.raises(PermissionError, match="needs the role"):
        entered.do("max", "role confirm", proposal=proposal["id"])
    entered.do("ana", "role confirm", proposal=proposal["id"])
    assert Role.RISK_ANALYST in {held.role for held in entered.do("max", "whoami").roles}
    by_provider(entered.house, WAYS, ZOE)
    assert len([each for each in entered.entries("role.proposed") if each["actor"] == "max"]) == 1


def test_nobody_becomes_admin_by_a_group(entered: Entered) -> None:
    assert brought(entered.house, WAYS, "max", ("boss",)) == ()
    assert Role.ADMIN not in {held.role for held in entered.do("max", "whoami").roles}


def test_a_proposal_that_lapsed_is_made_again(entered: Entered) -> None:
    brought(entered.house, WAYS, "max", ("risk",))
    entered.hands.passed = timedelta(days=8)
    brought(entered.house, WAYS, "max", ("risk",))
    assert len([each for each in entered.entries("role.proposed") if each["actor"] == "max"]) == 2


def test_a_tie_that_was_made_in_the_directory_opens_nothing(entered: Entered) -> None:
    entered.house.directory.keep(Person("admin", issuer=ZOE.issuer, issuer_subject=ZOE.subject, link_salt="x"))
    with pytest.raises(Suspicious, match="the directory was changed"):
        by_provider(entered.house, WAYS, ZOE)


def test_a_tie_that_was_moved_in_the_directory_opens_nothing(entered: Entered) -> None:
    tie_by_link(entered.house, entered.link("max"), ZOE)
    person = entered.house.directory.person("max")
    assert person is not None
    mallory = replace(ZOE, subject="00u-mallory")
    entered.house.directory.keep(replace(person, issuer_subject=mallory.subject))
    with pytest.raises(Suspicious):
        by_provider(entered.house, WAYS, mallory)


def test_one_name_there_is_one_actor_here(entered: Entered) -> None:
    tie_by_link(entered.house, entered.link("max"), ZOE)
    link = entered.link("ana")
    with pytest.raises(PermissionError, match="tied to another actor"):
        tie_by_link(entered.house, link, ZOE)
    other = replace(ZOE, subject="00u-ana")
    assert tie_by_link(entered.house, link, other) == "ana", "and the link was still good"


def test_a_link_ties_once_and_the_ledger_learns_nothing_of_the_name(entered: Entered) -> None:
    link = entered.link("max")
    tie_by_link(entered.house, link, ZOE)
    with pytest.raises(PermissionError, match="not good any more"):
        tie_by_link(entered.house, link, ZOE)
    tied = next(each for each in entered.entries("credential.set") if each["by"] == "oidc")
    assert ZOE.subject.encode() not in canonical(tied)


def test_whoever_was_removed_comes_in_no_more(entered: Entered) -> None:
    tie_by_link(entered.house, entered.link("max"), ZOE)
    entered.do("admin", "actor remove", id="max", reason="left")
    with pytest.raises(PermissionError):
        by_provider(entered.house, WAYS, ZOE)
