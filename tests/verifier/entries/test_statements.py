"""What the verifier makes of proven entries is what the house attests, word for word."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.scene import MANIFEST, ROOT, USE_CASE, asked, complete

from muster.lifecycle.dossier.signing import statements as house
from muster.lifecycle.dossier.signing.attest import pem as house_pem
from muster.records.canonical import digest
from muster.records.codec import encode
from muster.records.decision import Finding
from muster.records.model import Run
from muster.verifier.entries.statements import (
    basis_of,
    findings,
    key_file,
    model,
    pem,
    provenance,
    summary,
    test_result,
)

test_result.__test__ = False  # type: ignore[attr-defined]
BASIS = house.basis_of(digest(b"policy"), digest(b"library"), (digest(b"b"), digest(b"a"), digest(b"a")))
demands = st.lists(
    st.tuples(st.sampled_from(["auc", "parity", "sign-off:owner", "policy-sign-off:owner"]), st.sampled_from(Finding))
).map(lambda found: [(name, finding.value) for name, finding in found])
files = st.dictionaries(st.text(min_size=1, max_size=5), st.binary(max_size=3).map(digest), max_size=4)


@given(demands, files, st.sampled_from(["allow", "wait", "refuse"]))
def test_the_verifier_says_the_same(found: list[tuple[str, str]], made: dict[str, str], verdict: str) -> None:
    question = {"version": "v", "use_case": "loans", "environment": "production", "scope": "serve"}
    assert test_result(found, BASIS) == house.test_result(found, BASIS)
    assert summary(question, verdict, 1, "now", BASIS) == house.summary(question, verdict, 1, "now", BASIS)
    assert model(made) == house.model(made)
    named = (digest(b"policy"), digest(b"library"), tuple(made.values()))
    assert basis_of(*named) == house.basis_of(*named)


@pytest.mark.parametrize("finding", Finding)
def test_each_finding_alone_makes_the_result_of_a_test(finding: Finding) -> None:
    found = [("auc", finding.value), ("sign-off:owner", "missing")]
    assert test_result(found, BASIS) == house.test_result(found, BASIS)


def test_training_here_and_elsewhere_is_told_apart() -> None:
    run = encode(Run("run-1", USE_CASE.id, digest(b"training"), MANIFEST.recipe, {}, {"python": "3.11"}))
    for more in ({}, {"imported": "by a vendor"}):
        assert provenance(run | more, "now") == house.provenance(run | more, "now")
    assert provenance(run, "now") != provenance(run | {"imported": "by a vendor"}, "now")


def test_keys_are_written_as_other_tools_take_them() -> None:
    for grant in ROOT.grants:
        raw = pem(encode(grant))
        assert raw == house_pem(grant.key).encode()
        assert load_pem_public_key(raw).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo) == raw
        assert key_file(encode(grant)) == f"keys/{grant.key.id[:12]}.pem"


def test_findings_are_told_demand_by_demand() -> None:
    decision = asked(complete())
    assert findings(encode(decision)) == [(reason.demand, reason.finding.value) for reason in decision.reasons]
