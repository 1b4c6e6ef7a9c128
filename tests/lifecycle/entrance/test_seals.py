from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from muster.lifecycle.entrance.seals import person_seal, secret_digest, session_seal
from muster.ports.directory import Person, Session
from muster.records.access.credentials import SignInBy

AT = datetime(2026, 11, 23, tzinfo=UTC)
PERSON = Person("ana", "Ana", "ana@bank.example", "$argon2id$1", "https://idp.example", "00u1", "salt")
SESSION = Session("s1", "ana", "d", SignInBy.OIDC, AT, AT, AT + timedelta(hours=1), ("auditor",))


@pytest.mark.parametrize("change", [{"actor": "bob"}, {"password": "$argon2id$2"}])
def test_the_seal_of_a_password_tells_whose_and_which(change: dict[str, str]) -> None:
    assert person_seal(replace(PERSON, **change), SignInBy.PASSWORD) != person_seal(PERSON, SignInBy.PASSWORD)


@pytest.mark.parametrize("change", [{"actor": "bob"}, {"issuer": "x"}, {"issuer_subject": "x"}, {"link_salt": "x"}])
def test_the_seal_of_a_tie_tells_whose_and_to_whom(change: dict[str, str]) -> None:
    assert person_seal(replace(PERSON, **change), SignInBy.OIDC) != person_seal(PERSON, SignInBy.OIDC)


def test_a_new_name_changes_no_seal() -> None:
    for by in (SignInBy.PASSWORD, SignInBy.OIDC):
        assert person_seal(replace(PERSON, name="Anna", email=""), by) == person_seal(PERSON, by)


def test_only_the_last_use_of_a_session_may_change() -> None:
    seal = session_seal(SESSION)
    assert session_seal(replace(SESSION, seen_at=AT + timedelta(minutes=5))) == seal
    longer = replace(SESSION, expires_at=AT + timedelta(days=1))
    stronger = replace(SESSION, roles=("admin",))
    others = replace(SESSION, actor="admin")
    carried = replace(SESSION, digest=secret_digest("mine"))
    assert len({seal, *map(session_seal, (longer, stronger, others, carried))}) == 5
