from __future__ import annotations

import pytest
from tests.rules.scene import MANIFEST, USE_CASE

from muster.lifecycle.dossier.signing import statements
from muster.records.canonical import digest
from muster.records.codec import encode
from muster.records.model import Run

BASIS = statements.basis_of(digest(b"policy"), digest(b"library"), (digest(b"b"), digest(b"a"), digest(b"a")))


@pytest.mark.parametrize(
    ("found", "result"),
    [
        ([("auc", "met"), ("sign-off:owner", "missing")], "PASSED"),
        ([("auc", "met"), ("age", "waived")], "WARNED"),
        ([("auc", "stale"), ("age", "waived"), ("size", "not-applicable")], "FAILED"),
    ],
)
def test_what_people_have_still_to_sign_fails_no_test(found: list[tuple[str, str]], result: str) -> None:
    assert statements.test_result(found, BASIS)["result"] == result


def test_only_an_allowing_verdict_has_passed() -> None:
    asked = {"version": "v", "use_case": "loans", "environment": "production", "scope": "serve"}
    for verdict, result in (("allow", "PASSED"), ("wait", "FAILED"), ("refuse", "FAILED")):
        said = statements.summary(asked, verdict, 1, "2026-11-23T12:00:00.000000Z", BASIS)
        assert said["verificationResult"] == result
        assert said["policy"]["digest"] == {"sha256": digest(b"policy").removeprefix("sha256:")}


def test_what_a_decision_rests_on_is_named_once_and_in_order() -> None:
    assert [each["name"] for each in BASIS] == ["policy", "library", "entry", "entry"]
    assert BASIS[2]["digest"]["sha256"] < BASIS[3]["digest"]["sha256"]


def test_training_elsewhere_is_not_said_to_be_ours() -> None:
    run = Run("run-1", USE_CASE.id, digest(b"training"), MANIFEST.recipe, {}, {"python": "3.11"})
    ours = statements.provenance(encode(run), "now")
    theirs = statements.provenance(encode(run) | {"imported": "by a vendor"}, "now")
    assert ours["runDetails"]["builder"]["id"] != theirs["runDetails"]["builder"]["id"]
