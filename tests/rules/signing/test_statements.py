"""What an envelope claims to be, before anything of it is believed; what counts is tried with the gate's rules."""

from __future__ import annotations

import pytest
from tests.rules.scene import ANALYST, AUTHOR, ROOT, VALIDATOR, approval, record

from muster.adapters.signatures import verify
from muster.rules.signing.statements import APPROVAL, approval_in, claimed, holders, rejection_in


def test_an_approval_is_read_with_the_key_of_its_approver() -> None:
    (recorded,) = record([approval()])
    said = approval_in(recorded, ROOT, verify)
    assert (said.approver, said.role) == (ANALYST, "risk-analyst")
    assert claimed(str(recorded.entry.body["envelope"])) == (APPROVAL, said)


def test_an_approval_is_no_rejection() -> None:
    (recorded,) = record([approval()])
    with pytest.raises(ValueError, match="not an in-toto statement"):
        rejection_in(recorded, ROOT, verify)


@pytest.mark.parametrize("text", ["", "{}", '{"payload":"e30=","payloadType":"x","signatures":[]}'])
def test_what_is_no_sign_off_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        claimed(text)


def test_keys_count_for_their_roles_and_use_cases() -> None:
    assert len(holders(ROOT, VALIDATOR, "validator", "loans")) == 1
    assert len(holders(ROOT, AUTHOR, "", "loans")) == 1
    with pytest.raises(PermissionError, match="gives 'ann' no key for the role validator"):
        holders(ROOT, ANALYST, "validator", "loans")
    with pytest.raises(PermissionError, match="gives 'nobody' no key$"):
        holders(ROOT, "nobody", "", "loans")
