"""SARIF 2.1.0 (OASIS Standard, 2020): findings as code hosts and editors read them."""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from muster.cli.packages.findings import Finding, PackagesChecked
from muster.records.codec import encode
from muster.records.language.packages import Action, Verdict

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Action.BLOCK: "error", Action.REDACT: "error", Action.ANNOTATE: "warning", Action.ALLOW: "note"}
_SAID = {
    Verdict.NONEXISTENT: "The package does not exist.",
    Verdict.UNKNOWN: "The list of names does not tell whether the package exists.",
    Verdict.IMPORT_NAME: "The package to install has another name than the module.",
    Verdict.STANDARD_LIBRARY: "Part of the language: not to be installed; whoever registers the name would be.",
    Verdict.OBSCURE: "The package exists, and hardly anyone uses it.",
    Verdict.TOO_NEW: "The package is younger than the rules allow.",
    Verdict.NEAR_MISS: "The name is an edit away from one that many use.",
    Verdict.REMOVED: "The package was removed from the index.",
    Verdict.QUARANTINED: "The index itself holds the package back.",
    Verdict.DENIED: "The rules deny this name.",
    Verdict.LICENCE: "The rules do not accept this licence.",
    Verdict.INDEX_OVERRIDE: "It is taken from somewhere that the rules do not name.",
    Verdict.INVISIBLE: "The name has characters that no reader sees.",
    Verdict.HOMOGLYPH: "The name has letters of another alphabet that look like those of a real name.",
}


def sarif(checked: PackagesChecked) -> dict[str, Any]:
    """Return the log of one run as JSON values."""
    told = sorted({finding.verdict for finding in checked.findings})
    rules = [{"id": verdict.value, "shortDescription": {"text": _SAID.get(verdict, verdict.value)}} for verdict in told]
    notices = [{"level": "error", "message": {"text": problem}} for problem in checked.problems]
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "muster", "version": version("muster-ml"), "rules": rules}},
                "columnKind": "unicodeCodePoints",
                "invocations": [{"executionSuccessful": not notices, "toolExecutionNotifications": notices}],
                "results": [_result(finding, told.index(finding.verdict)) for finding in checked.findings],
                "properties": {"lists": encode(checked.lists)},
            }
        ],
    }


def _result(finding: Finding, rule: int) -> dict[str, Any]:
    region: dict[str, Any] = {"startLine": finding.line, "startColumn": finding.column}
    if "\n" not in finding.text:
        region["endColumn"] = finding.column + finding.length
    # The same package in the same file stays the same finding, whatever is written above it.
    known = hashlib.sha256(f"{finding.verdict}\0{finding.name}\0{finding.file}".encode()).hexdigest()
    return {
        "ruleId": finding.verdict.value,
        "ruleIndex": rule,
        "level": _LEVELS[finding.action],
        "message": {"text": finding.explanation or f"{finding.name}: {finding.verdict.value}"},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": _uri(finding.file)}, "region": region}}],
        "partialFingerprints": {"muster/v1": known[:32]},
        "properties": {"ecosystem": finding.ecosystem.value, "list": finding.digest},
    }


def _uri(file: str) -> str:
    """Return a file as a reference relative to the current folder where it lies below it."""
    path = Path(file)
    below = path.relative_to(Path.cwd()) if path.is_absolute() and path.is_relative_to(Path.cwd()) else path
    return below.as_uri() if below.is_absolute() else quote(str(PurePosixPath(below)))
