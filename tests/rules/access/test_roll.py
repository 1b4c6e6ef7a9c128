from datetime import timedelta

from tests.rules.access.scene import EVERYWHERE, NOW, house, proposal, token, write

from muster.records.access.roles import SIGNING, ActorRemoval, RoleGrant
from muster.records.people import Role
from muster.rules.access.roll import CONFIRMING, SECOND_PERSON


def test_a_role_counts_until_its_end() -> None:
    roll, end = house(), NOW + timedelta(days=1)
    write(roll, "ada", RoleGrant("cleo", Role.AUDITOR, EVERYWHERE, until=end))
    cleo = roll.members["cleo"]
    assert cleo.roles(NOW) == {Role.OPERATOR, Role.AUDITOR}
    assert cleo.roles(end) == {Role.OPERATOR}
    assert cleo.scopes(Role.AUDITOR, NOW) == (EVERYWHERE,)
    assert cleo.scopes(Role.AUDITOR, end) == cleo.scopes(Role.OWNER, NOW) == ()


def test_who_is_there_who_is_a_person_and_who_is_admin() -> None:
    roll = house()
    assert roll.admins(NOW) == {"ada", "ben"}
    assert roll.person("robot") is None
    assert roll.living("robot") is not None
    assert not roll.locked(roll.members["robot"])
    write(roll, "ada", ActorRemoval("cleo", "left"))
    assert roll.living("cleo") is roll.person("cleo") is None
    assert roll.locked(roll.members["robot"])
    assert not roll.locked(roll.members["ada"])
    assert not roll.is_admin("ghost", NOW)


def test_a_copy_goes_its_own_way() -> None:
    roll = house()
    copy = roll.copy()
    write(copy, "ada", ActorRemoval("cleo", "left"))
    write(copy, "ada", proposal("ben"))
    write(copy, "ada", token("ada"))
    assert roll == house()


def test_whoever_confirms_signs_off_or_is_admin() -> None:
    assert CONFIRMING < SIGNING < SECOND_PERSON
    assert {Role.ADMIN} == SECOND_PERSON - SIGNING
