from __future__ import annotations

from argon2 import PasswordHasher

from muster.adapters.passwords import Argon2

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def test_a_password_matches_its_hash_and_no_other() -> None:
    passwords = Argon2(QUICK)
    kept = passwords.hashed("three green herons wait")
    assert passwords.matches(kept, "three green herons wait")
    assert not passwords.matches(kept, "three green herons wai")
    assert passwords.hashed("three green herons wait") != kept, "every hash has a salt of its own"


def test_nothing_kept_matches_nothing() -> None:
    passwords = Argon2(QUICK)
    assert not passwords.matches("", "")
    assert not passwords.matches("", "three green herons wait")
    assert not passwords.matches("plain text", "plain text")


def test_a_name_that_nobody_has_costs_a_hash_too() -> None:
    tried: list[str] = []

    class Counting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # noqa: A002 - argon2 names it so
            tried.append(str(hash))
            return super().verify(hash, password)

    passwords = Argon2(Counting(time_cost=1, memory_cost=8, parallelism=1))
    passwords.matches("", "a")
    passwords.matches(passwords.hashed("b"), "a")
    assert [kept.rsplit("$", 2)[0] for kept in tried] == ["$argon2id$v=19$m=8,t=1,p=1"] * 2


def test_the_parameters_are_those_of_rfc_9106_and_older_ones_are_noticed() -> None:
    today = Argon2()
    kept = today.hashed("three green herons wait")
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert not today.outdated(kept)
    assert today.outdated(QUICK.hash("x"))
