"""Attestations in the words of other tools: in-toto test-result, SLSA, OpenSSF Model Signing, Sigstore bundles."""

from __future__ import annotations

import hashlib
from typing import Any

from muster.verifier.proof.envelope import key_id

TEST_RESULT, SUMMARY = "https://in-toto.io/attestation/test-result/v0.1", "https://slsa.dev/verification_summary/v1"
PROVENANCE, MODEL = "https://slsa.dev/provenance/v1", "https://model_signing/signature/v1.0"


def key_file(grant: Any) -> str:
    """Name the member that holds a public key in PEM."""
    return f"keys/{key_id(grant)[:12]}.pem"


def pem(grant: Any) -> bytes:
    """Write a public key in PEM (RFC 7468)."""
    spki = grant["key"]["spki"]
    lines = "\n".join(spki[at : at + 64] for at in range(0, len(spki), 64))
    return f"-----BEGIN PUBLIC KEY-----\n{lines}\n-----END PUBLIC KEY-----\n".encode()


def findings(decision: Any) -> list[tuple[str, str]]:
    """Return how each demand came out, as a recorded decision says."""
    return [(reason["demand"], reason["finding"]) for reason in decision["reasons"]]


def _sha256(name: str) -> dict[str, str]:
    return {"sha256": name[len("sha256:") * name.startswith("sha256:") :]}


def basis_of(policy: str, library: str, entries: Any) -> list[Any]:
    """Name what a decision rests on."""
    named = [("policy", policy), ("library", library), *(("entry", entry) for entry in sorted(set(entries)))]
    return [{"name": name, "digest": _sha256(value)} for name, value in named]


def test_result(demands: list[tuple[str, str]], basis: list[Any]) -> Any:
    """Return the predicate of in-toto's test-result v0.1."""
    tests = [(name, finding) for name, finding in demands if not name.startswith(("sign-off:", "policy-sign-off:"))]
    passed = sorted(name for name, finding in tests if finding == "met")
    warned = sorted(name for name, finding in tests if finding == "waived")
    failed = sorted(name for name, finding in tests if finding not in ("met", "waived", "not-applicable"))
    lists = {"passedTests": passed, "warnedTests": warned, "failedTests": failed}
    return {"result": "FAILED" if failed else "WARNED" if warned else "PASSED", "configuration": basis, **lists}


def summary(question: Any, verdict: str, rules: int, at: str, basis: list[Any]) -> Any:
    """Return the predicate of SLSA's Verification Summary v1."""
    return {
        "verifier": {"id": "urn:muster:gate", "version": {"rules": str(rules)}},
        "timeVerified": at,
        "resourceUri": f"urn:muster:question:{question['use_case']}:{question['environment']}:{question['scope']}",
        "policy": {"uri": "urn:muster:policy", "digest": basis[0]["digest"]},
        "inputAttestations": [{"uri": f"urn:muster:{each['name']}", "digest": each["digest"]} for each in basis[1:]],
        "verificationResult": "PASSED" if verdict == "allow" else "FAILED",
        "verifiedLevels": [f"MUSTER_{verdict.upper()}"],
    }


def provenance(run: Any, at: str) -> Any:
    """Return the predicate of SLSA's Provenance v1."""
    return {
        "buildDefinition": {
            "buildType": "urn:muster:training:v1",
            "externalParameters": {"useCase": run["use_case"], "recipe": run["recipe"]},
            "internalParameters": {"environment": run["environment"]},
            "resolvedDependencies": [{"name": "training-data", "digest": _sha256(run["training"])}],
        },
        "runDetails": {
            "builder": {"id": "urn:muster:elsewhere" if run.get("imported") else "urn:muster:worker"},
            "metadata": {"invocationId": run["id"], "finishedOn": at},
        },
    }


def model(files: Any) -> tuple[str, Any]:
    """Return digest and predicate of OpenSSF Model Signing v1.0."""
    resources = [
        {"name": name, "algorithm": "sha256", "digest": _sha256(files[name])["sha256"]} for name in sorted(files)
    ]
    root = hashlib.sha256(b"".join(bytes.fromhex(each["digest"]) for each in resources)).hexdigest()
    ignored = ["model.sig", ".git", ".gitattributes", ".github", ".gitignore"]
    method = {"method": "files", "hash_type": "sha256", "allow_symlinks": False, "ignore_paths": ignored}
    return f"sha256:{root}", {"serialization": method, "resources": resources}
