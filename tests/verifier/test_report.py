"""What the report says, and that nothing in a dossier can write over it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.rules.gate.people.signed import DAVE, LAX, WIDE, lent, named, platform, rejection
from tests.rules.gate.people.test_emergency import URGENT, leave
from tests.rules.scene import (
    ANALYST,
    FACTS_OF_THE_VERSION,
    NOW,
    QUESTION,
    VALIDATOR,
    VERSION,
    approval,
    asked,
    entry,
)  # fmt: skip
from tests.verifier.entries.test_signed import policy_signed
from tests.verifier.forged import TOLD, Forged, published

from muster.records.canonical import digest
from muster.records.release import Revocation
from muster.verifier.report import plain


@pytest.mark.parametrize(("line", "shown"), [("a\x1b[2Kb", "a?[2Kb"), ("a\u202eb\n", "a?b?"), ("é ü", "é ü")])
def test_nothing_moves_the_cursor(line: str, shown: str) -> None:
    assert plain(line) == shown
    assert len(plain("x" * 3000)) == 2000


def test_it_says_what_it_is_about_and_what_is_proven_and_not() -> None:
    said = Forged().verified()
    assert said.startswith(f"model version  {VERSION}\nquestion       may it serve loans in production?\n\nPROVEN\n")
    assert "- Trust root version 1 of ledger bank.example/credit follows from the fingerprint you gave." in said
    assert "- 11 entries are in the signed ledger of 11 entries, unchanged, in their place." in said
    assert "A release was signed on 2026-11-23, good until 2027-02-21; it rests on exactly 10 of these entries." in said
    assert "- The ledger only grew since each release and each order" in said
    assert "- Attestations: 2 Sigstore bundles" in said
    assert "\n\nWHAT THE LEDGER SAYS\n- release: 1 signed, 0 revoked\n\nNOT PROVEN\n" in said
    for absent in ("Orders to gateways", "were seen by", "Decided again from the entries before", "deployment  "):
        assert absent not in said


def test_it_says_who_signed_and_how() -> None:
    loan = lent()
    signed = approval(by=DAVE, delegation=named(loan), policy=LAX)
    lax = [published(WIDE), *FACTS_OF_THE_VERSION, loan, platform(), signed]
    said = Forged(lax, policy=LAX, roots=(WIDE,)).verified()
    assert "- pia (risk-analyst) signed, by the platform in their name, on 2026-11-23." in said
    assert "- dave (risk-analyst) signed, with a key of their own in a role that was lent to them, on 2026" in said
    later = [rejection(VALIDATOR, at=NOW), policy_signed(VALIDATOR, ANALYST)]
    said = Forged(after=later).verified()
    assert "- ann (risk-analyst) signed, with a key of their own, on 2026-11-23." in said
    assert "- vic (risk-analyst) REJECTED it, with a key of their own, on 2026-11-23." in said
    assert "- vic (risk-analyst) signed policy credit, with a key of their own." in said
    said = Forged([published(), *FACTS_OF_THE_VERSION, leave()], policy=URGENT).verified()
    assert (
        "- vic (validator) let it out in an EMERGENCY, before its sign-offs, with a key of their own: fraud runs"
        in said
    )


def _revoked(package: str = digest(b"other")) -> Revocation:
    return Revocation(VERSION, package, "complaints")


def test_it_says_what_was_revoked_and_only_that() -> None:
    forgery = Forged()
    forgery.after = [entry(_revoked(digest(forgery.package)), ANALYST, NOW)]
    said = forgery.verified()
    assert "- release: 1 signed, 1 revoked\n- REVOKED: complaints" in said
    assert "REVOKED" not in Forged(after=[entry(_revoked(), ANALYST, NOW)]).verified()


def test_it_says_the_last_word_of_the_gate_with_what_is_open_first() -> None:
    allows = entry(asked(TOLD), "olga", NOW)
    said = Forged(after=[allows]).verified()
    assert "- the gate said ALLOW on 2026-11-23 (entry 11)\n" in said
    assert "                 met  sign-off:risk-analyst: signed by ann (own key)" in said
    assert "- release: 1 signed" in said


def test_a_question_of_several_is_named() -> None:
    staging = replace(QUESTION, environment="staging")
    decided = entry(asked(TOLD, question=staging), "olga", NOW)
    said = Forged(questions=(QUESTION, staging), after=[decided]).verified()
    assert f"WHAT THE LEDGER SAYS OF {VERSION[7:19]}\n- release: 1 signed, 0 revoked\n\nWHAT THE LEDGER" in said
    last = said.rpartition("WHAT THE LEDGER SAYS OF")[2]
    assert "- release:" not in last
    assert "the gate said REFUSE" in last
    assert last.index("not-met  environment") < last.index("met  use-case")
