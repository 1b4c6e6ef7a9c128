"""One person wants to be two: by an actor who does not exist, a second id, or a program."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from tests.walk import SECOND

from muster.records.model import ModelVersion, Run
from muster.records.trust import Duty, KeyGrant
from muster.wiring.keyring import load_signer
from muster.wiring.signing import grant_key

if TYPE_CHECKING:
    from tests.walk import Walked


def test_an_admin_who_puts_the_other_out_is_not_two_with_a_sock_puppet(walked: Walked) -> None:
    walked.do("admin", "actor remove", id=SECOND, reason="in the way")
    assert walked.alerts() == ["admin-removed"]
    made = walked.do("admin", "actor add", id="puppet", roles=["admin", "risk-analyst"])
    assert made.roles == (), "both wait for somebody who was there before"
    walked.do("admin", "role withdraw", actor="puppet", role="admin", reason="to grant it instead")
    with pytest.raises(PermissionError, match="the role admin needs two people"):
        walked.do("admin", "role grant", actor="puppet", role="admin")
    for proposal in (proposal for proposal in made.proposals if ":risk-analyst:" in proposal):
        for who in ("admin", "puppet"):
            with pytest.raises(PermissionError, match=r"another person must confirm|needs the role"):
                walked.do(who, "role confirm", proposal=proposal)
    assert walked.alerts() == ["admin-removed", "second-person-missing"]
    roles = {line.id: line.roles for line in walked.do("mia", "actor list")}
    assert roles["puppet"] == ()


def test_one_key_does_not_sign_for_two_people(walked: Walked) -> None:
    walked.add("rob", "risk-analyst")
    shutil.copy(walked.key("bob"), walked.key("rob"))
    with pytest.raises(ValueError, match="has a duty already: make a new one"):
        walked.hand_in("rob")
    public = load_signer(walked.key("rob")).key
    current = walked.do("admin", "trust show").current
    grant = KeyGrant(Duty.APPROVER, public, "rob", ("risk-analyst",))
    with pytest.raises((PermissionError, ValueError), match="key"):
        walked.publish(grant_key(current, grant, walked.home / "keys" / "root.pem"))


def test_what_somebody_s_program_made_they_do_not_sign_off(walked: Walked) -> None:
    token = walked.do("admin", "actor add", id="nightly", roles=["ml-engineer"], responsible="bob").token
    assert token
    context = walked.context("nightly")
    context.record(*(record for kind in (Run, ModelVersion) for _, record in context.history(kind)))
    with pytest.raises(PermissionError, match="bob is an author of this version and may not sign it off"):
        walked.sign("bob")
    assert walked.alerts() == ["author-signs-off"]


def test_a_program_hands_in_no_sign_off_of_its_person(walked: Walked) -> None:
    walked.do("admin", "actor add", id="nightly", roles=["operator", "ml-engineer"], responsible="bob")
    envelope = walked.signed("bob")
    before = walked.house.ledger.refresh()
    with pytest.raises(PermissionError, match="'approval submit' needs the role"):
        walked.do("nightly", "approval submit", envelope=envelope)
    with pytest.raises(PermissionError, match="nightly is a service account: a person must be risk-analyst"):
        walked.do("admin", "role propose", actor="nightly", role="risk-analyst", reason="it reads faster")
    assert {recorded.entry.kind for recorded in walked.house.ledger.read(start=before)} == {"action.refused"}
