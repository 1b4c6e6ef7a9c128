"""Statements: decisions, evidence, training runs and model files in the predicates that other tools know.

Sources: in-toto test-result v0.1; SLSA Verification Summary v1; SLSA Provenance v1; OpenSSF Model Signing v1.0.

A check never says pass, so a test result is that of a decision: which demands were met by what was measured. And a
verdict is a Verification Summary (VSA), not a Simple Verification Result: that one can only list what holds, and a gate
also refuses. Every statement follows from ledger entries alone; the verifier of dossiers makes it again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

TEST_RESULT = "https://in-toto.io/attestation/test-result/v0.1"
SUMMARY = "https://slsa.dev/verification_summary/v1"
PROVENANCE = "https://slsa.dev/provenance/v1"
MODEL = "https://model_signing/signature/v1.0"

GATE = "urn:muster:gate"
TRAINING = "urn:muster:training:v1"
PEOPLE = ("sign-off:", "policy-sign-off:")
"""Beginnings of demands that people meet, not measurements."""

Demands = Sequence[tuple[str, str]]


def test_result(demands: Demands, basis: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what was measured, held against what was demanded; ``basis`` names policy, library and entries."""
    tests = [(name, finding) for name, finding in demands if not name.startswith(PEOPLE)]
    passed = sorted(name for name, finding in tests if finding == "met")
    warned = sorted(name for name, finding in tests if finding == "waived")
    failed = sorted(name for name, finding in tests if finding not in ("met", "waived", "not-applicable"))
    return {
        "result": "FAILED" if failed else "WARNED" if warned else "PASSED",
        "configuration": list(basis),
        "passedTests": passed,
        "warnedTests": warned,
        "failedTests": failed,
    }


def summary(
    question: Mapping[str, str], verdict: str, rules: int, at: str, basis: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Return a verdict of the gate; only ``allow`` is PASSED."""
    level = f"MUSTER_{verdict.upper()}"
    where = f"urn:muster:question:{question['use_case']}:{question['environment']}:{question['scope']}"
    return {
        "verifier": {"id": GATE, "version": {"rules": str(rules)}},
        "timeVerified": at,
        "resourceUri": where,
        "policy": {"uri": "urn:muster:policy", "digest": basis[0]["digest"]},
        "inputAttestations": [{"uri": f"urn:muster:{each['name']}", "digest": each["digest"]} for each in basis[1:]],
        "verificationResult": "PASSED" if verdict == "allow" else "FAILED",
        "verifiedLevels": [level],
    }


def basis_of(policy: str, library: str, entries: Sequence[str]) -> list[dict[str, Any]]:
    """Name what a decision rests on, by digest: its policy, its library, its entries."""
    named = [("policy", policy), ("library", library), *(("entry", entry) for entry in sorted(set(entries)))]
    return [{"name": name, "digest": _sha256(value)} for name, value in named]


def provenance(run: Mapping[str, Any], at: str) -> dict[str, Any]:
    """Return how a version was trained, from the body of its run and the time of that entry."""
    recipe = run["recipe"]
    where = run.get("imported", "")
    return {
        "buildDefinition": {
            "buildType": TRAINING,
            "externalParameters": {"useCase": run["use_case"], "recipe": recipe},
            "internalParameters": {"environment": run["environment"]},
            "resolvedDependencies": [{"name": "training-data", "digest": _sha256(run["training"])}],
        },
        "runDetails": {
            "builder": {"id": "urn:muster:elsewhere" if where else "urn:muster:worker"},
            "metadata": {"invocationId": run["id"], "finishedOn": at},
        },
    }


def model(files: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    """Return the digest of a folder of files as OpenSSF Model Signing names it, and the predicate.

    Both follow from the names and SHA-256 digests of the files; the files need not be here.
    """
    names = sorted(files)
    digests = [files[name].removeprefix("sha256:") for name in names]
    root = hashlib.sha256(b"".join(map(bytes.fromhex, digests))).hexdigest()
    resources = [
        {"name": name, "algorithm": "sha256", "digest": value} for name, value in zip(names, digests, strict=True)
    ]
    method = {
        "method": "files",
        "hash_type": "sha256",
        "allow_symlinks": False,
        "ignore_paths": ["model.sig", ".git", ".gitattributes", ".github", ".gitignore"],
    }
    return f"sha256:{root}", {"serialization": method, "resources": resources}


def _sha256(name: str) -> dict[str, str]:
    return {"sha256": name.removeprefix("sha256:")}
