from dataclasses import replace

import pytest
from tests.rules.gate.people.test_emergency import leave
from tests.rules.scene import ORIGIN, ROOT

from muster.adapters.signatures import verify
from muster.records.codec import decode
from muster.records.governance.emergency import SignedEmergency
from muster.rules.gate.urgent import emergency_in


def test_leave_is_read_where_the_root_gives_its_signer_the_key() -> None:
    signed = decode(SignedEmergency, leave().body)
    assert emergency_in(signed, ROOT, verify).approver == "vic"
    elsewhere = replace(ROOT, grants=tuple(replace(each, use_cases=("mortgages",)) for each in ROOT.grants))
    with pytest.raises(PermissionError, match="no key for the role validator and use case 'loans'"):
        emergency_in(signed, elsewhere, verify)
    with pytest.raises(PermissionError, match=f"signed for the house '{ORIGIN}', this one is 'other'"):
        emergency_in(signed, replace(ROOT, origin="other"), verify)


def test_leave_under_the_name_of_another_version_is_refused() -> None:
    signed = decode(SignedEmergency, leave().body)
    with pytest.raises(ValueError, match="about another version"):
        emergency_in(replace(signed, version="sha256:another"), ROOT, verify)
