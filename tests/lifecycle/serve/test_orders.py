from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.stories.attacker import Attacker
from tests.walk import Walked

from muster.lifecycle.desk.action import Upload
from muster.lifecycle.serve.orders import renew
from muster.records.canonical import digest


def test_orders_name_the_guards_that_the_policy_demands_and_gateways_agree(walked: Walked) -> None:
    orders = walked.do("omar", "orders issue")
    (deployment,), (told,) = orders.deployments, orders.guards
    assert deployment.guards == told.name
    assert [guard.name for guard in told.guards] == ["prohibited", "schema", "envelope", "plausible", "consistent"]
    assert "SEX" in told.guards[0].parameters["columns"]
    assert walked.gateway().refresh().serving(walked.clock()) == ("credit",)


def test_a_list_is_attached_by_its_digest_and_stays_until_it_is_detached(walked: Walked) -> None:
    attached = walked.do("omar", "orders attach", name="pypi", file=Upload("names.txt", b"numpy\n"))
    assert [(named.name, named.digest) for named in attached.lists] == [("pypi", digest(b"numpy\n"))]
    assert walked.house.outbox.get(digest(b"numpy\n")) == b"numpy\n"
    assert walked.do("omar", "orders issue").lists == attached.lists
    other = walked.do("omar", "orders attach", name="pypi", file=Upload("names.txt", b"pandas\n"))
    assert [named.digest for named in other.lists] == [digest(b"pandas\n")]
    assert walked.do("omar", "orders detach", name="pypi").lists == ()
    with pytest.raises(LookupError, match="has no list 'pypi'"):
        walked.do("omar", "orders detach", name="pypi")
    with pytest.raises(ValueError, match="small letters"):
        walked.do("omar", "orders attach", name="../up", file=Upload("names.txt", b""))


def test_orders_are_renewed_in_the_second_half_of_their_life(walked: Walked) -> None:
    before = Attacker(walked).orders()
    assert renew(walked.context("omar")) == ()
    walked.clock.offset = (before.expires_at - before.issued_at) * 0.5
    (renewed,) = renew(walked.context("omar"))
    assert (renewed.number, [d.name for d in renewed.deployments]) == (before.number + 1, ["credit"])
    assert renew(walked.context("omar")) == ()


def test_whoever_can_be_told_of_new_orders_is_told_once_they_are_out(walked: Walked) -> None:
    told: list[str] = []
    context = walked.context("omar")

    def push(envelope: str) -> None:
        assert Attacker(walked).read_orders() == envelope
        told.append(envelope)

    from muster.lifecycle.serve.orders import issue

    issue(replace(context, house=replace(context.house, push=push)))
    assert len(told) == 1


def test_gateways_would_refuse_it_so_the_desk_does(walked: Walked) -> None:
    """The evidence in a release package grows old there, also where newer evidence would keep the release in force."""
    walked.clock.offset = timedelta(days=31)
    with pytest.raises(PermissionError, match="lapsed|would refuse"):
        walked.do("omar", "deployment set", name="second", version=walked.version)
