from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from muster.lifecycle.entrance.register import Register, register_of
from muster.records.access.credentials import ClosedSession, Credential, OpenedSession, SignInBy
from muster.records.access.erasure import Erasure
from muster.records.access.roles import ActorRemoval

if TYPE_CHECKING:
    from tests.entered import Entered

AT = datetime(2026, 11, 23, tzinfo=UTC)
HOUR = timedelta(hours=1)


def made(*records: object) -> Register:
    register = Register()
    for record in records:
        register.take(record, AT)
    return register


def test_the_newest_credential_counts_and_an_empty_one_closes_the_way() -> None:
    first, second = (Credential("ana", SignInBy.PASSWORD, digest) for digest in ("1", "2"))
    assert made(first, second).credentials == {("ana", SignInBy.PASSWORD): second}
    assert made(first, Credential("ana", SignInBy.PASSWORD, "")).credentials == {}


def test_a_new_link_replaces_the_one_before() -> None:
    first, second = (Credential("ana", SignInBy.LINK, digest, AT + HOUR) for digest in ("1", "2"))
    assert set(made(first, second).links) == {"2"}
    assert made(first, second, Credential("ana", SignInBy.LINK, "")).links == {}


def test_a_closed_session_is_gone_and_an_expired_one_is_forgotten() -> None:
    gone = OpenedSession("s1", "ana", SignInBy.PASSWORD, AT + HOUR)
    late = OpenedSession("s2", "ana", SignInBy.PASSWORD, AT)
    new = OpenedSession("s3", "bob", SignInBy.PASSWORD, AT + HOUR)
    assert set(made(gone, late, ClosedSession("s1", "ana", "signed out"), new).sessions) == {"s3"}


def test_whoever_is_removed_or_erased_keeps_nothing() -> None:
    held = (
        Credential("ana", SignInBy.PASSWORD, "1"),
        Credential("ana", SignInBy.LINK, "2", AT + HOUR),
        OpenedSession("s1", "ana", SignInBy.PASSWORD, AT + HOUR),
        Credential("bob", SignInBy.PASSWORD, "3"),
    )
    for end in (ActorRemoval("ana", "left"), Erasure("actor:ana", (), "asked for it")):
        register = made(*held, end)
        assert (set(register.credentials), register.links, register.sessions) == (
            {("bob", SignInBy.PASSWORD)},
            {},
            {},
        )


def test_it_follows_the_ledger_and_what_was_handed_out_before_does_not_change(entered: Entered) -> None:
    before = register_of(entered.house.ledger)
    entered.give_password("ana")
    assert before.credentials == {}
    assert set(register_of(entered.house.ledger).credentials) == {("ana", SignInBy.PASSWORD)}
