from __future__ import annotations

import base64
from dataclasses import replace

import pytest
from tests.rules.scene import ANALYST, ORIGIN, ROOT, grant, key

from muster.adapters.signatures import verify
from muster.records.access.alert import Suspicious
from muster.records.people import Role
from muster.records.trust import Duty, KeyGrant, KeyOffer
from muster.rules.ceremony.enrolment import newly_approving, proven, require_second_person

EVE = grant(Duty.APPROVER, "eve", Role.VALIDATOR)


def offer(actor: str = "eve", pen: str = "eve", origin: str = ORIGIN) -> KeyOffer:
    bare = KeyOffer(actor, key("eve").key, "", origin)
    return replace(bare, proof=base64.b64encode(key(pen).sign(bare.challenge)).decode())


def test_a_proof_is_by_this_key_for_this_actor_in_this_house() -> None:
    assert proven(offer(), verify)
    for wrong in (
        offer(pen=ANALYST),
        replace(offer(), actor="ann"),
        replace(offer(), origin="other"),
        replace(offer(), key=key(ANALYST).key),
        replace(offer(), proof="*"),
        replace(offer(), proof=""),
    ):
        assert not proven(wrong, verify)


def test_only_new_approvers_need_a_second_person() -> None:
    assert newly_approving(ROOT, replace(ROOT, grants=(*ROOT.grants, EVE))) == (EVE,)
    assert newly_approving(ROOT, ROOT) == ()
    assert len(newly_approving(None, ROOT)) == 3
    taken_over = tuple(replace(g, actor="eve") if g.actor == ANALYST else g for g in ROOT.grants)
    assert [g.actor for g in newly_approving(ROOT, replace(ROOT, grants=taken_over))] == ["eve"]


def holder(name: str) -> KeyGrant:
    return KeyGrant(Duty.ROOT, key("root").key, name)


@pytest.mark.parametrize(
    ("offers", "publisher", "signers", "why"),
    [
        ([], "admin", [holder("")], "eve has not handed in key"),
        ([("mallory", offer())], "admin", [holder("")], "eve has not handed in key"),
        ([("eve", offer("mallory"))], "admin", [holder("")], "eve has not handed in key"),
        ([("eve", offer())], "eve", [holder("")], "a second person publishes"),
        ([("eve", offer())], "admin", [holder("eve")], "eve alone signed the trust root that grants their own key"),
        ([("eve", offer())], "admin", [holder("eve"), holder("rita")], ""),
        ([("eve", offer())], "admin", [holder("")], ""),
    ],
)
def test_a_key_counts_if_its_holder_handed_it_in_and_others_let_it(
    offers: list[tuple[str, KeyOffer]], publisher: str, signers: list[KeyGrant], why: str
) -> None:
    if why:
        with pytest.raises(Suspicious, match=why):
            require_second_person([EVE], offers, publisher, signers)
    else:
        require_second_person([EVE], offers, publisher, signers)
