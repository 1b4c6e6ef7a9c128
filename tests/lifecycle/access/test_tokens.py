from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.people import identify
from muster.lifecycle.desk.perform import perform
from muster.records.access.alert import Suspicious
from muster.wiring.control import Local, now

if TYPE_CHECKING:
    from tests.conftest import Founded


def with_token(founded: "Founded", token: str, action: str, /, **asked: Any) -> Any:
    house = founded.opened[0] if founded.opened else founded.open()
    return perform(action, Context(house, identify(house.ledger, token, now()), lambda _: None), asked)


def test_everybody_makes_tokens_of_their_own(founded: "Founded") -> None:
    made = founded.do("olga", "token issue", label="nightly", days=7)
    assert identify(founded.opened[0].ledger, made.token, now()).id == "olga"
    assert (made.expires_at - now()).days in {6, 7}
    with pytest.raises(PermissionError, match="max makes their own tokens"):
        founded.do("admin", "token issue", label="to be max", actor="max")
    with pytest.raises(PermissionError, match="max makes their own tokens"):
        founded.do("olga", "token issue", label="to be max", actor="max")


def test_admins_make_those_of_service_accounts_and_so_do_these(founded: "Founded") -> None:
    first = founded.do("admin", "actor add", id="robot", roles=["operator"], responsible="olga").token
    assert founded.do("admin", "token issue", label="next", actor="robot").actor == "robot"
    assert with_token(founded, first, "token issue", label="rolled").actor == "robot"


def test_a_token_that_reads_only_changes_nothing(founded: "Founded") -> None:
    made = founded.do("admin", "token issue", label="dashboard", read_only=True)
    assert with_token(founded, made.token, "actor list")
    for action, asked in (("token issue", {"label": "more"}), ("actor add", {"id": "eve"})):
        with pytest.raises(PermissionError, match="came with a token that may read only"):
            with_token(founded, made.token, action, **asked)


def test_a_narrowed_token_makes_no_other(founded: "Founded") -> None:
    founded.do("admin", "role grant", actor="olga", role="auditor")
    made = founded.do("olga", "token issue", label="audit", roles=["auditor"])
    with pytest.raises(PermissionError, match="carries some roles only: it cannot make other tokens"):
        with_token(founded, made.token, "token issue", label="all")


def test_a_narrowed_token_of_an_admin_is_no_admin_s(founded: "Founded") -> None:
    founded.do("ines", "role grant", actor="admin", role="operator")
    theirs = founded.do("olga", "token issue", label="hers")
    made = founded.do("admin", "token issue", label="deploys", roles=["operator"])
    with pytest.raises(PermissionError, match="is one of olga: they end it, or somebody who came in as an admin"):
        with_token(founded, made.token, "token revoke", id=theirs.id, reason="mischief")
    assert with_token(founded, made.token, "token revoke", id=made.id, reason="done").id == made.id
    assert founded.do("admin", "token revoke", id=theirs.id, reason="lost").id == theirs.id


def test_a_narrowed_token_of_an_admin_confirms_only_as_far_as_it_reaches(founded: "Founded") -> None:
    given = {"actor": "admin", "role": "risk-analyst", "reason": "as agreed", "business_units": ["cards"]}
    founded.do("ana", "role confirm", proposal=founded.do("ines", "role propose", **given).proposal)
    made = founded.do("admin", "token issue", label="cards", roles=["risk-analyst"])
    wide = founded.do("ines", "role propose", actor="max", role="owner", reason="as agreed")
    with pytest.raises(PermissionError, match="came with roles that do not reach as far as proposal"):
        with_token(founded, made.token, "role confirm", proposal=wide.proposal)
    assert founded.do("admin", "role confirm", proposal=wide.proposal).state == "in force"


def test_an_end_and_a_label_are_asked_for_and_roles_must_be_held(founded: "Founded") -> None:
    with pytest.raises(ValueError, match="1 to 365 days, not 0"):
        founded.do("olga", "token issue", label="x", days=0)
    with pytest.raises(ValueError, match="say what the token is for"):
        founded.do("olga", "token issue", label=" ")
    with pytest.raises(PermissionError, match="olga does not hold admin"):
        founded.do("olga", "token issue", label="x", roles=["operator", "admin"])


def test_a_revoked_token_lets_nobody_in_and_its_use_smells_of_theft(founded: "Founded") -> None:
    made = founded.do("olga", "token issue", label="lost")
    with pytest.raises(PermissionError, match="is one of olga: they end it"):
        founded.do("max", "token revoke", id=made.id, reason="not mine")
    assert founded.do("olga", "token revoke", id=made.id, reason="lost").state == "revoked"
    with pytest.raises(Suspicious, match="of olga was revoked") as caught:
        identify(founded.opened[0].ledger, made.token, now())
    assert caught.value.what == "revoked-token-used"
    with pytest.raises(LookupError, match="there is no token 'x'"):
        founded.do("olga", "token revoke", id="x", reason="lost")


def test_tokens_are_listed_without_what_would_let_anybody_in(founded: "Founded") -> None:
    founded.do("admin", "actor add", id="robot", roles=["operator"], responsible="olga")
    assert {line.actor for line in founded.do("olga", "token list")} == {"olga", "robot"}
    assert {line.actor for line in founded.do("max", "token list")} == {"max"}
    every = founded.do("admin", "token list")
    assert {line.actor for line in every} == {"admin", "ines", "olga", "ana", "max", "robot"}
    assert {line.actor for line in founded.do("admin", "token list", actor="ana")} == {"ana"}
    with pytest.raises(PermissionError, match="max is shown their own tokens"):
        founded.do("max", "token list", actor="ana")
    secrets = [token.split("_", 2)[2] for token in founded.tokens.values()]
    assert not any(secret in repr(every) for secret in secrets)


def test_what_was_added_meanwhile_is_not_overwritten(founded: "Founded") -> None:
    from tests.lifecycle.racing import Racing

    house = founded.open()
    context = Context(house, Local(house, "admin").identity(), lambda _: None)
    racing = Racing(
        house.ledger, lambda: founded.do("ines", "role withdraw", actor="olga", role="operator", reason="x"), 1
    )
    perform("actor remove", replace(context, house=replace(house, ledger=racing)), {"id": "olga", "reason": "left"})
    house.ledger.refresh()
    kinds = [each.entry.kind for each in house.ledger.read()][-2:]
    assert kinds == ["role.withdrawn", "actor.removed"]
