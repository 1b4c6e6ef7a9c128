from typing import TYPE_CHECKING, Any

import pytest
from tests.walk import Now

from muster.wiring.control import Local, open_house

if TYPE_CHECKING:
    from tests.conftest import Founded


def propose(founded: "Founded", actor: str = "max", role: str = "owner", **asked: Any) -> Any:
    return founded.do("admin", "role propose", actor=actor, role=role, reason="as agreed", **asked)


def test_one_proposes_another_confirms(founded: "Founded") -> None:
    line = propose(founded)
    assert (line.state, line.proposal, line.by, line.where) == (
        "proposed",
        "max:owner:1",
        ("local:admin",),
        "everywhere",
    )
    assert founded.do("olga", "role list")[0] == line
    given = founded.do("ines", "role confirm", proposal=line.proposal)
    assert (given.state, given.by, given.until) == ("in force", ("local:admin", "local:ines"), None)
    assert founded.do("olga", "role list", actor="max")[-1] == given
    with pytest.raises(PermissionError, match="'max:owner:1' has been dealt with"):
        founded.do("ana", "role confirm", proposal=line.proposal)


@pytest.mark.parametrize(("who", "how"), [("admin", "admin proposed it"), ("max", "max would get it")])
def test_whoever_confirms_for_themself_is_refused_and_people_are_told(founded: "Founded", who: str, how: str) -> None:
    given = propose(founded, role="admin")
    if who == "max":  # somebody who may confirm, but not this
        founded.do("ana", "role confirm", proposal=propose(founded, role="owner").proposal)
    with pytest.raises(PermissionError, match=f"{how}: another person must confirm that max is admin"):
        founded.do(who, "role confirm", proposal=given.proposal)
    founded.opened[0].ledger.refresh()
    *_, alert = founded.opened[0].ledger.read(kind="alert.raised")
    assert (alert.entry.body["what"], alert.entry.body["about"]) == ("second-person-missing", f"actor:{who}")


def test_a_proposal_lapses(founded: "Founded") -> None:
    line, clock = propose(founded), Now()
    clock.offset = line.until - clock()
    house = open_house(founded.settings, clock=clock)
    founded.opened.append(house)
    late = Local(house, "ines")
    with pytest.raises(PermissionError, match="'max:owner:1' lapsed on 20.*propose it again"):
        late.call("role confirm", {"proposal": line.proposal}, lambda _: None)
    again = Local(house, "admin").call("role propose", {"actor": "max", "role": "owner", "reason": "x"}, lambda _: None)
    assert again.proposal == "max:owner:2"


def test_a_plain_role_is_granted_by_one_for_a_while_or_for_good(founded: "Founded") -> None:
    given = founded.do("admin", "role grant", actor="max", role="auditor", business_units=["cards"], days=30)
    assert (given.where, given.by, given.until is None) == ("unit cards", ("local:admin",), False)
    with pytest.raises(PermissionError, match="the role owner needs two people"):
        founded.do("admin", "role grant", actor="max", role="owner")
    with pytest.raises(PermissionError, match="the role admin needs two people"):
        founded.do("admin", "role grant", actor="max", role="admin")


@pytest.mark.parametrize(
    ("action", "asked", "error", "said"),
    [
        ("role propose", {"role": "owner", "reason": " "}, ValueError, "give a reason"),
        ("role propose", {"role": "owner", "reason": "x", "use_cases": ["typo"]}, LookupError, "no use-case 'typo'"),
        ("role propose", {"role": "owner", "reason": "x", "business_units": [" "]}, ValueError, "has a name"),
        ("role propose", {"role": "owner", "reason": "x", "actor": "ghost"}, LookupError, "no actor 'ghost'"),
        ("role propose", {"role": "admin", "reason": "x", "business_units": ["a"]}, PermissionError, "everywhere"),
        ("role propose", {"role": "ml-engineer", "reason": "x"}, ValueError, "max is ml-engineer there already"),
        ("role grant", {"role": "auditor", "days": -1}, ValueError, "not after -1"),
        ("role withdraw", {"role": "auditor", "reason": "x"}, LookupError, "max does not hold the role auditor"),
        ("role list", {"actor": "ghost"}, LookupError, "no actor 'ghost'"),
        ("role confirm", {"proposal": "p"}, LookupError, "there is no proposal 'p'"),
    ],
)
def test_what_cannot_be_is_said(
    founded: "Founded", action: str, asked: dict[str, Any], error: type[Exception], said: str
) -> None:
    given = asked if action in {"role list", "role confirm"} else {"actor": "max", **asked}
    with pytest.raises(error, match=said):
        founded.do("admin", action, **given)


def test_what_is_proposed_is_not_proposed_twice(founded: "Founded") -> None:
    propose(founded)
    with pytest.raises(ValueError, match="is proposed for max as 'max:owner:1'"):
        propose(founded)


def test_a_withdrawn_role_is_gone_with_what_was_proposed(founded: "Founded") -> None:
    propose(founded)
    left = founded.do("ines", "role withdraw", actor="max", role="owner", reason="not now")
    assert [line.role for line in left] == ["ml-engineer"]
    with pytest.raises(PermissionError, match="has been dealt with"):
        founded.do("ana", "role confirm", proposal="max:owner:1")
    assert founded.do("ines", "role withdraw", actor="max", role="ml-engineer", reason="moved") == ()
    with pytest.raises(PermissionError, match="max holds no role"):
        founded.do("max", "model train", use_case="", model="", training="", recipe={}, decision={})


def test_the_last_admin_keeps_the_role(founded: "Founded") -> None:
    founded.do("admin", "role withdraw", actor="ines", role="admin", reason="moved")
    with pytest.raises(PermissionError, match="this is the last admin"):
        founded.do("admin", "role withdraw", actor="admin", role="admin", reason="tired")
    with pytest.raises(PermissionError, match="the role admin needs two people"):  # for ana is there to confirm it
        founded.do("admin", "role grant", actor="max", role="admin")
    founded.do("admin", "role withdraw", actor="ana", role="risk-analyst", reason="moved")
    assert founded.do("admin", "role grant", actor="max", role="admin").by == ("local:admin",)


def test_people_hear_of_an_admin_who_is_put_out(founded: "Founded") -> None:
    founded.do("admin", "role withdraw", actor="olga", role="operator", reason="moved")
    founded.do("admin", "actor remove", id="max", reason="left")
    assert founded.do("ana", "alert list") == ()
    founded.do("admin", "actor remove", id="ines", reason="left")
    (alert,) = founded.do("ana", "alert list")
    assert (alert.what, alert.about) == ("admin-removed", "actor:ines")
    assert alert.words.startswith("local:admin took the role admin from ines")
