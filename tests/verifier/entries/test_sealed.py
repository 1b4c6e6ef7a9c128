"""What people said in their own words is here as it was sealed, or was erased, and then an entry says so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.rules.scene import NOW, TICK, VALIDATOR, VERSION, entry
from tests.verifier.forged import Forged

from muster.records.access.erasure import Erasure, RetentionRun
from muster.records.canonical import digest
from muster.records.entry import Entry
from muster.records.governance.findings import OpenedFinding
from muster.records.governance.terms import FindingSeverity
from muster.verifier.entries.sealed import texts

SEALED = b"sealed words"
NAME = digest(SEALED)
MEMBER = f"sealed/{NAME.removeprefix('sha256:')}"
FOUND = OpenedFinding("F-1", f"version:{VERSION}", "loans", FindingSeverity.LOW, "Stale.", NAME, "bob", NOW)
SAID = entry(FOUND, VALIDATOR, NOW)


def forged(*after: Entry, **members: bytes) -> Forged:
    return Forged(
        after=[SAID, *after], members={MEMBER if name == "words" else name: raw for name, raw in members.items()}
    )


def test_words_are_here_as_they_were_sealed() -> None:
    assert "- What people said: 1 sealed here, unchanged; 0 erased." in forged(words=SEALED).verified()
    assert "What people said" not in Forged().verified()


def test_words_that_were_changed_added_or_left_out_are_told() -> None:
    assert "a sealed comment was changed" in forged(words=b"other words").problem()
    assert "what somebody said is not in the dossier, and was not erased either" in forged().problem()
    assert "there is a sealed member that no entry names" in Forged(members={MEMBER: SEALED}).problem()


@pytest.mark.parametrize("gone", [Erasure("p-1", (NAME,), "asked"), RetentionRun("comments", NOW, (NAME,))])
def test_words_that_were_erased_are_said_to_be(gone: Any) -> None:
    assert "0 sealed here, unchanged; 1 erased." in forged(entry(gone, "olga", NOW)).verified()
    field = "sealed" if isinstance(gone, Erasure) else "removed"
    other = replace(gone, **{field: (digest(b"other"),)})
    assert "was not erased either" in forged(entry(other, "olga", NOW)).problem()


def test_words_that_a_legal_hold_keeps_are_not_gone() -> None:
    removed = entry(RetentionRun("comments", NOW, (NAME,)), "olga", NOW)
    held = entry(RetentionRun("comments", NOW, (), (NAME,)), "olga", NOW + TICK)
    assert "was not erased either" in forged(removed, held).problem()
    assert forged(removed, held, words=SEALED).problem() == ""
    again = replace(removed, at=NOW + 2 * TICK)
    assert forged(removed, held, again).problem() == ""


def test_words_stand_anywhere_in_a_body() -> None:
    body = {"comment": NAME, "a": [{"words": NAME}, ["x", {"comments": NAME}]], "b": {"c": {"comment": NAME}}}
    assert list(texts(body)) == [NAME] * 4
    for odd in (
        {"comment": "sha256:short"},
        {"comment": 1},
        {"note": NAME},
        {"comment": [NAME]},
        {"words": f"{NAME}0"},
        "x",
        1,
    ):
        assert list(texts(odd)) == []
