"""Attestations and keys in a dossier: each made again out of what is proven."""

from __future__ import annotations

from typing import Any

from muster.verifier.entries.dossier import Dossier
from muster.verifier.entries.signed import signer
from muster.verifier.entries.statements import (
    MODEL,
    PROVENANCE,
    TEST_RESULT,
    basis_of,
    findings,
    key_file,
    model,
    pem,
    provenance,
    summary,
    test_result,
)
from muster.verifier.gate.decide import RULES
from muster.verifier.proof.canonical import canonical, digest, need, parse, read
from muster.verifier.proof.envelope import IN_TOTO, holders, stated

BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json"


def check_attestations(dossier: Dossier, releases: int) -> int:
    """Return how many bundles there are, after making each again out of what is proven."""
    made = {
        f"release-{at}": parse(dossier.members[f"releases/{at}.json"])["bundle"].encode()
        for at in range(1, releases + 1)
    }
    for seq, entry in sorted(dossier.entries.items()):
        body, name = entry["body"], f"{seq:08d}-{entry['kind']}"
        if isinstance(body.get("bundle"), str):
            made[name] = body["bundle"].encode()
        elif isinstance(body.get("envelope"), str) and read(body["envelope"].encode())["payloadType"] == IN_TOTO:
            envelope = parse(body["envelope"].encode())
            key = {"publicKey": {"hint": envelope["signatures"][0]["keyid"]}, "tlogEntries": []}
            made[name] = canonical({"mediaType": BUNDLE, "verificationMaterial": key, "dsseEnvelope": envelope})
            if entry["kind"] not in ("approval.signed", "policy.signed", "attestation.signed"):
                signer(dossier, seq)
    expected = {f"attestations/{name}.sigstore.json": bundle for name, bundle in made.items()}
    keys = {name: pem(g) for root in dossier.roots for g in holders(root, "release") for name in [key_file(g)]}
    expected |= keys
    here = {name: raw for name, raw in dossier.members.items() if name.startswith(("attestations/", "keys/"))}
    differing = sorted(name for name in here.keys() | expected.keys() if here.get(name) != expected.get(name))
    need(not differing, f"{differing[:1]}: not the attestation that the proven entries and packages hold")
    for seq, entry in dossier.of("attestation.signed"):
        check_attestation(dossier, seq, entry["body"])
    for seq, entry in dossier.of("model.signed"):
        check_model(dossier, seq, entry["body"])
    return len(made)


def check_attestation(dossier: Dossier, seq: int, body: Any) -> None:
    """Require that what the house attests is signed, and says just what the entry holds that it is about."""
    what = f"the attestation in entry {seq}"
    envelope, kind = parse(body["envelope"].encode()), body["predicate_type"]
    subjects, said = stated(envelope, kind, holders(dossier.root_at(seq), "release"), what)
    need(subjects == {"model-version": body["version"]}, f"{what} is about another version")
    place = next((at for at, raw in dossier.raw.items() if digest(raw) == body["about"]), None)
    if place is None:
        return  # about a decision on another question, whose entry is elsewhere
    made = restated(dossier, place, kind, said)
    need(made is None or made == said, f"{what} says something else than entry {place}")


def restated(dossier: Dossier, place: int, kind: str, said: Any) -> Any:
    """Return what an attestation about an entry must say; None where it cannot be told."""
    entry = dossier.entries[place]
    body, at = entry["body"], entry["at"]
    if entry["kind"] == "run.finished" and kind == PROVENANCE:
        return provenance(body, at)
    if entry["kind"] == "decision.made":
        asked, verdict, found = body["question"], body["verdict"], findings(body)
        rules, at = body["rules"], body["at"]
        rested = [name for reason in body["reasons"] for name in reason["evidence"]]
    elif entry["kind"] == "release.signed" and body["package"] in dossier.rulings:
        body, verdict, found = dossier.rulings[body["package"]]
        asked, rested, rules, at = body["question"], body["evidence"], RULES, body["issued_at"]
        if said.get("verifier", {}).get("version", {"rules": str(RULES)}) != {"rules": str(RULES)}:
            return None  # rules of another time
    else:
        return None
    basis = basis_of(body["policy"], body["library"], rested)
    return test_result(found, basis) if kind == TEST_RESULT else summary(asked, verdict, rules, at, basis)


def check_model(dossier: Dossier, seq: int, body: Any) -> None:
    """Require that the signature of a model's files is by the house, and names the files of the version."""
    what = f"the model's signature in entry {seq}"
    envelope = parse(body["bundle"].encode())["dsseEnvelope"]
    subjects, said = stated(envelope, MODEL, holders(dossier.root_at(seq), "release"), what)
    for _, entry in dossier.of("model-version.registered", digest=body["version"]):
        root, made = model(entry["body"]["manifest"]["files"])
        need((list(subjects.values()), said) == ([root], made), f"{what} is of other files than the version's")
