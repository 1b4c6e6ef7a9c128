from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.lifecycle.racing import racing
from tests.stories.attacker import Attacker
from tests.walk import Walked, policy

from muster.lifecycle.desk.perform import perform
from muster.lifecycle.serve.publish import republish
from muster.records.codec import encode
from muster.records.release import IssuedOrders
from muster.records.trust import Duty, KeyGrant
from muster.wiring.keyring import new_key
from muster.wiring.signing import grant_key


def issued(walked: Walked) -> list[Any]:
    return [record for _, record in walked.context().history(IssuedOrders)]


def test_a_deployment_brings_all_that_a_gateway_reads_into_the_outbox(walked: Walked) -> None:
    orders = walked.do("omar", "deployment set", name="second", version=walked.version)
    assert [deployment.name for deployment in orders.deployments] == ["credit", "second"]
    for digest in (walked.package, walked.served):
        assert walked.house.outbox.get(digest) == walked.house.blobs.get(digest)
    assert Attacker(walked).orders() == orders
    assert walked.gateway().refresh().serving(walked.clock()) == ("credit", "second")


def test_orders_are_numbered_and_end_when_the_policy_says(walked: Walked) -> None:
    first = walked.do("omar", "orders show")
    second = walked.do("omar", "orders issue")
    assert (first.number, second.number) == (1, 2)
    assert second.expires_at - second.issued_at == timedelta(hours=policy().orders_life_hours)
    assert walked.do("mia", "orders show") == second
    walked.do("ana", "policy adopt", policy=encode(replace(policy(), orders_life_hours=2)))
    walked.sign("bob")
    third = walked.do("omar", "orders issue")
    assert third.expires_at - third.issued_at == timedelta(hours=2)


def test_what_lapsed_is_not_ordered_again(walked: Walked) -> None:
    walked.clock.offset = timedelta(days=31)
    (line,) = walked.do("omar", "deployment list")
    assert line.state == "lapsed"
    assert walked.do("omar", "orders issue").deployments == ()


def test_a_policy_that_nobody_can_tell_does_not_hold_up_a_revocation(walked: Walked) -> None:
    walked.do("ana", "policy adopt", policy=encode(replace(policy(), id="another")))
    (line,) = walked.do("omar", "deployment list")
    assert line.state == "unknown"
    assert "2 policies cover it" in line.reasons[0]
    walked.do("ana", "release revoke", package=walked.package, reason="a complaint")
    (line,) = walked.do("omar", "deployment list")
    assert (line.state, line.reasons) == ("revoked", ("the release was revoked: a complaint",))
    orders = walked.do("omar", "orders issue")
    assert (orders.deployments, orders.revoked) == ((), (walked.package,))


def test_a_deployment_is_removed(walked: Walked) -> None:
    assert walked.do("omar", "deployment remove", name="credit").deployments == ()
    assert walked.do("omar", "deployment list") == ()
    with pytest.raises(LookupError, match="has no deployment 'credit'"):
        walked.do("omar", "deployment remove", name="credit")


@pytest.mark.parametrize(
    ("action", "changed", "error", "said"),
    [
        ("deployment set", {"name": "../up"}, ValueError, "beginning with a letter or digit"),
        ("deployment set", {"name": ""}, ValueError, "use 1 to 128 letters"),
        ("deployment set", {"group": "a b"}, ValueError, "gateway group 'a b': use 1 to 64"),
        ("deployment set", {"version": "sha256:00"}, LookupError, "muster model list"),
        ("deployment set", {"environment": "moon"}, PermissionError, "has no release to serve in moon"),
        ("deployment set", {"scope": "shadow"}, PermissionError, "has no release to shadow in production"),
        ("deployment set", {"scope": "trial"}, ValueError, "some of the people beside a champion"),
        ("orders issue", {"group": "../up"}, ValueError, "gateway group"),
        ("deployment remove", {"name": "x", "group": "nobody"}, LookupError, "'nobody' has no deployment 'x'"),
        ("orders show", {"group": "nobody"}, LookupError, "`muster deployment set` issues the first"),
    ],
)
def test_what_cannot_be_ordered_changes_nothing(
    walked: Walked, action: str, changed: dict[str, Any], error: type[Exception], said: str
) -> None:
    usual = {"name": "credit", "version": walked.version} if action == "deployment set" else {}
    before, orders = issued(walked), Attacker(walked).read_orders()
    with pytest.raises(error, match=said):
        walked.do("omar", action, **{**usual, **changed})
    assert issued(walked) == before
    assert Attacker(walked).read_orders() == orders
    assert republish(walked.context("omar")) == 1


def test_a_release_that_is_revoked_meanwhile_is_not_deployed(walked: Walked) -> None:
    def revoke() -> None:
        walked.do("ana", "release revoke", package=walked.package, reason="a complaint")

    before = issued(walked)
    with pytest.raises(PermissionError, match="the release was revoked"):
        perform("deployment set", racing(walked, "omar", revoke), {"name": "second", "version": walked.version})
    assert issued(walked) == before


def test_two_operators_at_once_both_get_their_way(walked: Walked) -> None:
    def other() -> None:
        walked.do("omar", "deployment set", name="second", version=walked.version)

    orders = perform("deployment set", racing(walked, "omar", other), {"name": "third", "version": walked.version})
    assert (orders.number, [d.name for d in orders.deployments]) == (3, ["credit", "second", "third"])
    assert Attacker(walked).orders() == orders


def test_another_orders_key_goes_on_where_the_old_one_ended(walked: Walked) -> None:
    """As its holders must when an orders key was stolen: the root names another one, and gateways follow it."""
    (walked.home / "keys" / "orders.pem").unlink()
    current = walked.do("admin", "trust show").current
    public = new_key(walked.home / "keys" / "orders.pem", Duty.ORDERS).public
    without = replace(current, grants=tuple(g for g in current.grants if g.duty is not Duty.ORDERS))
    document = grant_key(without, KeyGrant(Duty.ORDERS, public), walked.home / "keys" / "root.pem")
    walked.publish(document)
    walked.close()
    orders = walked.do("omar", "orders issue")
    assert (orders.number, orders.root_version) == (2, 4)
    assert walked.gateway().refresh().serving(walked.clock()) == ("credit",)


@pytest.mark.parametrize("action", ["deployment set", "deployment remove", "orders issue"])
def test_only_operators_deploy(walked: Walked, action: str) -> None:
    with pytest.raises(PermissionError, match="needs the role operator; ana holds risk-analyst"):
        walked.do("ana", action)
