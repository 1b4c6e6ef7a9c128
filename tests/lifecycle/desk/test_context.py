from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from muster.lifecycle.desk.context import Context, Identity
from muster.ports.ledger import Conflict
from muster.records.people import Actor, Role
from muster.records.policy import Policy
from muster.records.purpose import UseCase
from muster.records.trust import TrustRoot
from muster.wiring.control import Local

if TYPE_CHECKING:
    from tests.conftest import Founded


def context(founded: "Founded", name: str = "max", *, local: bool = False) -> Context:
    return Context(founded.open(), Identity(name, frozenset({Role.ML_ENGINEER}), local=local), lambda _: None)


def test_an_entry_names_kind_subject_actor_and_moment(founded: "Founded") -> None:
    (recorded,) = context(founded).record(Actor("eve", (Role.OWNER,)))
    entry = recorded.entry
    assert (entry.kind, entry.subject, entry.actor) == ("actor.added", "actor:eve", "max")
    assert abs((entry.at - datetime.now(UTC)).total_seconds()) < 60  # noqa: TID251 - the house's clock is the real one
    assert entry.body["roles"] == ["owner"]


def test_local_mode_shows_in_every_entry(founded: "Founded") -> None:
    (recorded,) = context(founded, local=True).record(Actor("eve", (Role.OWNER,)))
    assert (recorded.entry.actor, recorded.entry.person) == ("local:max", "max")
    assert Local(founded.opened[0], "max").identity() == Identity("max", frozenset({Role.ML_ENGINEER}), local=True)


def test_what_a_decision_read_must_not_have_changed(founded: "Founded") -> None:
    asked = context(founded)
    about_eve, about_all = asked.basis("actor:eve"), asked.basis()
    asked.record(Actor("bob", (Role.OWNER,)))
    asked.record(Actor("eve", (Role.OWNER,)), expect=about_eve)
    with pytest.raises(Conflict, match="actor:eve changed"):
        asked.record(Actor("eve", (Role.ADMIN,)), expect=about_eve)
    with pytest.raises(Conflict, match="the ledger changed"):
        asked.record(Actor("tom", (Role.ADMIN,)), expect=about_all)
    assert [actor.id for _, actor in asked.history(Actor)][-2:] == ["bob", "eve"]


def test_history_is_in_order_and_by_subject(founded: "Founded") -> None:
    asked = context(founded)
    asked.record(Actor("eve", (Role.OWNER,)), Actor("eve", (Role.ADMIN,)))
    assert [actor.roles for _, actor in asked.history(Actor, "actor:eve")] == [(Role.OWNER,), (Role.ADMIN,)]
    assert asked.latest(Actor, "actor:eve").roles == (Role.ADMIN,)
    assert len(asked.history(TrustRoot)) == 1
    assert asked.history(Policy) == []


def test_what_is_not_there_is_named_with_what_to_do(founded: "Founded") -> None:
    with pytest.raises(LookupError, match=r"no use-case 'x' is known here; `muster use-case list` shows what is"):
        context(founded).latest(UseCase, "use-case:x")
