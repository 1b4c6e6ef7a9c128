"""SARIF 2.1.0 (OASIS Standard, 2020): demands that are open or waived, as code hosts show findings."""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from muster.cli.local.ci.outcome import Outcome, passed
from muster.records.decision import Finding, Reason

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def sarif(outcome: Outcome, file: str) -> dict[str, Any]:
    """Return the log of one run as JSON values.

    Parameters
    ----------
    outcome
        What came of asking.
    file
        File of the repository at which findings are shown: code hosts drop those that have no place in it.
    """
    told = [(name, reason) for name, reason in outcome.demands() if _shown(reason)]
    rules = list(dict.fromkeys(reason.demand for _, reason in told))
    statements = {reason.demand: reason.statement or reason.demand for _, reason in told}
    problems = [outcome.problem] if outcome.problem else []
    decision = outcome.decision
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "muster gate",
                        "version": version("muster-ml"),
                        "rules": [{"id": rule, "shortDescription": {"text": statements[rule]}} for rule in rules],
                    }
                },
                "automationDetails": {"id": f"muster/{outcome.environment}/{outcome.scope}/"},
                "invocations": [
                    {
                        "executionSuccessful": not problems,
                        "toolExecutionNotifications": [
                            {"level": "error", "message": {"text": problem}} for problem in problems
                        ],
                    }
                ],
                "results": [_result(outcome, name, reason, rules, file) for name, reason in told],
                "properties": {"allowed": outcome.allowed}
                | ({} if decision is None else {"verdict": decision.verdict.value, "policy": decision.policy}),
            }
        ],
    }


def _shown(reason: Reason) -> bool:
    return not passed(reason) or reason.finding is Finding.WAIVED


def _result(outcome: Outcome, name: str, reason: Reason, rules: list[str], file: str) -> dict[str, Any]:
    waived = reason.finding is Finding.WAIVED
    use_case = outcome.decision.question.use_case if outcome.decision else outcome.model
    where = f"{use_case}/{outcome.environment}/{outcome.scope}/{name}"
    # The same demand of the same use case stays the same finding from one version to the next.
    known = hashlib.sha256(where.encode()).hexdigest()
    return {
        "ruleId": reason.demand,
        "ruleIndex": rules.index(reason.demand),
        "level": "note" if waived else "error",
        "message": {"text": f"{reason.demand} {reason.finding.value}: {reason.explanation or reason.statement}"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(str(PurePosixPath(file)))},
                    "region": {"startLine": 1},
                },
                "logicalLocations": [{"name": name, "fullyQualifiedName": where}],
            }
        ],
        "partialFingerprints": {"muster/v1": known[:32]},
        "properties": {"finding": reason.finding.value, "evidence": list(reason.evidence)},
        # Section 3.27.23 of the standard: all results of a run have it, or none.
        "suppressions": [_waiver(reason)] if waived else [],
    }


def _waiver(reason: Reason) -> dict[str, str]:
    """Return a waiver as what it is to SARIF: accepted by somebody, elsewhere than in the code."""
    return {"kind": "external", "status": "accepted", "justification": reason.explanation}
