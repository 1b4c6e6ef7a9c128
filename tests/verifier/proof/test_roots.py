from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.rules.scene import ROOT, key

from muster.records.canonical import canonical
from muster.records.codec import encode
from muster.records.trust import Duty, TrustRoot
from muster.rules.envelope import envelope_text, seal
from muster.rules.trust import fingerprint
from muster.verifier.proof.roots import ROOT_TYPE, follow


def followed(*roots: TrustRoot) -> list[Any]:
    """Let the verifier follow roots that the root key signed, whatever they say."""
    pen = key("root")
    sealed = [seal(ROOT_TYPE, canonical(encode(root)), [(pen.key, pen.sign)]) for root in roots]
    members = {f"roots/{place}.json": envelope_text(each).encode() for place, each in enumerate(sealed, 1)}
    found: list[Any] = follow(members, fingerprint(roots[0]))
    return found


def test_trust_roots_follow_one_another_without_a_gap() -> None:
    assert [root["version"] for root in followed(ROOT, replace(ROOT, version=2))] == [1, 2]
    for version in (1, 3):
        with pytest.raises(ValueError, match="does not follow the one before it"):
            followed(ROOT, replace(ROOT, version=version))


def test_no_key_has_two_duties() -> None:
    second = replace(ROOT.grants[0], duty=Duty.ORDERS if ROOT.grants[0].duty is not Duty.ORDERS else Duty.RELEASE)
    with pytest.raises(ValueError, match="gives one key two duties"):
        followed(replace(ROOT, grants=(*ROOT.grants, second)))
