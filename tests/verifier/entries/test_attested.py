"""Attestations and keys: each made again, and each by whom it must be."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from tests.rules.gate.people.signed import lent, rejection
from tests.rules.scene import MANIFEST, NOW, ROOT, VALIDATOR, VERSION, approval, asked, entry, grant, key
from tests.verifier.forged import TOLD, Forged, published

from muster.lifecycle.dossier.signing import statements as house
from muster.lifecycle.dossier.signing.attest import pem
from muster.records.canonical import digest
from muster.records.codec import encode
from muster.records.entry import Entry
from muster.records.governance.attestation import HouseAttestation, SignedModel
from muster.records.release import SignedRelease
from muster.records.trust import Duty
from muster.rules.envelope import IN_TOTO, bundle_text, envelope_text, read_bundle, seal, statement
from muster.rules.gate.decide import VERSION as RULES

OTHER = digest(b"other")
ABOUT = {"model-version": VERSION}
DECIDED = entry(asked(TOLD), "olga", NOW)
RUN = TOLD[1]


def sealed(text: bytes, pen: str = Duty.RELEASE.value) -> Any:
    return seal(IN_TOTO, text, [(key(pen).key, key(pen).sign)])


def attested(
    about: Entry, kind: str, said: Any, *, pen: str = Duty.RELEASE.value, subjects: Any = None, **changes: Any
) -> Entry:
    envelope = envelope_text(sealed(statement(subjects or ABOUT, kind, said), pen))
    made = HouseAttestation(VERSION, digest(about.to_bytes()), kind, envelope)
    return entry(replace(made, **changes), "olga", NOW)


@cache
def forged() -> Forged:
    return Forged()


def released() -> tuple[Entry, Any, Any]:
    """Return the entry about the release, and what its attestations say."""
    forgery = forged()
    said = json.loads(base64.b64decode(read_bundle(json.loads(forgery.package)["bundle"]).payload))["predicate"]
    basis = house.basis_of(said["policy"], said["library"], said["evidence"])
    found = [(reason.demand, reason.finding.value) for reason in asked(TOLD).reasons]
    verdict = house.summary(said["question"], "allow", RULES, said["issued_at"], basis)
    return forgery.ledger[10], house.test_result(found, basis), verdict


def of_decision() -> tuple[Any, Any]:
    body = DECIDED.body
    basis = house.basis_of(body["policy"], body["library"], [n for r in body["reasons"] for n in r["evidence"]])
    found = [(reason["demand"], reason["finding"]) for reason in body["reasons"]]
    verdict = house.summary(body["question"], body["verdict"], body["rules"], body["at"], basis)
    return house.test_result(found, basis), verdict


def problem(*after: Entry) -> str:
    """Return what the verifier says of the one forged release, with more behind it in the ledger."""
    again = Forged(after=list(after))
    again.package = forged().package  # type: ignore[misc]
    return again.problem()


def test_what_the_house_attests_of_a_run_a_decision_and_a_release_is_verified() -> None:
    release, result, verdict = released()
    first, second = of_decision()
    made = [
        attested(RUN, house.PROVENANCE, house.provenance(RUN.body, encode(RUN)["at"])),
        attested(DECIDED, house.TEST_RESULT, first),
        attested(DECIDED, house.SUMMARY, second),
        attested(release, house.TEST_RESULT, result),
        attested(release, house.SUMMARY, verdict),
    ]
    assert problem(DECIDED, *made) == ""


@pytest.mark.parametrize("what", ["run", "decided", "judged", "released", "allowed"])
def test_one_that_says_something_else_is_not(what: str) -> None:
    release, result, verdict = released()
    first, second = of_decision()
    lies = {
        "run": (RUN, house.PROVENANCE, house.provenance(RUN.body, "2020-01-01T00:00:00Z")),
        "decided": (DECIDED, house.TEST_RESULT, first | {"failedTests": ["none"]}),
        "judged": (DECIDED, house.SUMMARY, second | {"verificationResult": "FAILED"}),
        "released": (release, house.TEST_RESULT, result | {"result": "WARNED"}),
        "allowed": (release, house.SUMMARY, verdict | {"timeVerified": "2020-01-01T00:00:00Z"}),
    }
    place = {"run": 2, "released": 10, "allowed": 10}.get(what, 11)
    assert f"says something else than entry {place}" in problem(DECIDED, attested(*lies[what]))


def test_one_of_a_release_by_rules_of_another_time_is_left_alone_and_no_other() -> None:
    release, _, verdict = released()
    old = verdict | {"verifier": {"id": "urn:muster:gate", "version": {"rules": "0"}}, "verificationResult": "FAILED"}
    assert problem(attested(release, house.SUMMARY, old)) == ""
    same = verdict | {"verifier": {"id": "urn:other", "version": {"rules": str(RULES)}}}
    assert "says something else" in problem(attested(release, house.SUMMARY, same))
    nameless = {name: said for name, said in verdict.items() if name != "verifier"}
    assert "says something else" in problem(attested(release, house.SUMMARY, nameless))


def test_it_is_by_the_house_about_this_version() -> None:
    said = house.provenance(RUN.body, encode(RUN)["at"])
    assert "0 of 1 trusted keys signed it" in problem(attested(RUN, house.PROVENANCE, said, pen="orders"))
    foreign = attested(RUN, house.PROVENANCE, said, subjects={"model-version": OTHER})
    assert "the attestation in entry 11 is about another version" in problem(foreign)
    more = attested(RUN, house.PROVENANCE, said, subjects={**ABOUT, "served-artifact": OTHER})
    assert "is about another version" in problem(more)
    kind = attested(RUN, house.PROVENANCE, said, predicate_type=house.SUMMARY)
    assert "states something else" in problem(kind)


def test_what_it_is_about_may_be_elsewhere_or_of_another_kind() -> None:
    assert problem(attested(DECIDED, house.TEST_RESULT, {"result": "PASSED"})) == ""
    assert problem(attested(TOLD[0], house.TEST_RESULT, {"result": "PASSED"})) == ""
    assert problem(attested(RUN, house.SUMMARY, {"result": "PASSED"})) == ""
    assert problem(attested(TOLD[0], house.PROVENANCE, {"buildDefinition": {}})) == ""
    assert "says something else than entry 11" in problem(DECIDED, attested(DECIDED, house.PROVENANCE, {}))
    elsewhere = entry(SignedRelease(VERSION, "loans", "staging", "serve", OTHER, NOW), "olga", NOW)
    assert problem(elsewhere, attested(elsewhere, house.SUMMARY, {"result": "PASSED"})) == ""


def model_signed(pen: str = Duty.RELEASE.value, name: str = "", **changes: Any) -> Entry:
    root, said = house.model(MANIFEST.files)
    text = statement({"loans-model": name or root}, house.MODEL, {**said, **changes})
    return entry(SignedModel(VERSION, bundle_text(sealed(text, pen))), "olga", NOW)


def test_a_signature_of_a_model_names_its_files() -> None:
    assert problem(model_signed()) == ""
    assert "is of other files than the version's" in problem(model_signed(name=OTHER))
    assert "is of other files than the version's" in problem(model_signed(resources=[]))
    assert "0 of 1 trusted keys signed it" in problem(model_signed("orders"))


def test_every_bundle_and_key_is_there_and_no_other() -> None:
    members = Forged().contents()
    for name in (name for name in members if name.startswith(("attestations/", "keys/"))):
        for forgery in (None, b"{}"):
            said = Forged(members={name: forgery}).problem()
            assert f"['{name}']: not the attestation" in said
    for name in ("attestations/release-2.sigstore.json", "keys/000000000000.pem"):
        assert f"['{name}']: not the attestation" in Forged(members={name: b"{}"}).problem()


def test_orders_are_no_attestation() -> None:
    assert Forged(told=({},)).problem() == ""


def test_the_release_keys_of_all_trust_roots_are_there() -> None:
    left = tuple(each for each in ROOT.grants if each.duty is not Duty.RELEASE)
    second = replace(ROOT, version=2, grants=(*left, grant(Duty.RELEASE, "release two")))
    both = Forged(roots=(ROOT, second), after=[published(second)])
    assert both.problem() == ""
    for pen in ("release", "release two"):
        name = f"keys/{key(pen).key.id[:12]}.pem"
        assert both.contents()[name] == pem(key(pen).key).encode()
        assert f"['{name}']" in Forged(roots=both.roots, after=both.after, members={name: None}).problem()


def test_other_statements_are_signed_by_somebody_whom_the_trust_root_knows() -> None:
    assert Forged(after=[lent(), rejection(VALIDATOR, at=NOW)]).problem() == ""
    assert "0 of 6 trusted keys signed it" in Forged(after=[lent(signed_with="stranger")]).problem()
    assert Forged(after=[lent(signed_with="orders")]).problem() == "", "it counts for nothing, and says so nowhere"


def test_a_sign_off_that_does_not_count_by_itself_is_told_with_whose_key_it_was() -> None:
    said = Forged(after=[approval(by="stranger", signed_with=VALIDATOR)]).verified()
    assert "- stranger (risk-analyst) signed, with a key of the house; by itself it does not count: " in said
    said = Forged(after=[approval(by=VALIDATOR, role="owner")]).verified()
    assert "- vic (owner) signed, with a key of their own; by itself it does not count: " in said
    assert "0 of 6 trusted keys signed it" in Forged(after=[approval(signed_with="stranger")]).problem()
