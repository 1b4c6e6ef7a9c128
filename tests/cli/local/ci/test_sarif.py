from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.cli.sarif_rules import require_sarif

from muster.cli.local.ci.outcome import Outcome
from muster.cli.local.ci.sarif import sarif


def _run(outcome: Outcome, file: str = "a folder/train.py") -> Any:
    log = sarif(outcome, file)
    assert json.loads(json.dumps(log)) == log
    require_sarif(log)
    (run,) = log["runs"]
    return run


def test_open_demands_are_results_and_waived_ones_are_suppressed(outcome: Callable[..., Outcome]) -> None:
    run = _run(outcome())
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in run["results"])
    assert [(result["ruleId"], result["level"], bool(result["suppressions"])) for result in run["results"]] == [
        ("impact-ratio-sex", "error", False),
        ("impact-ratio-sex", "note", True),
        ("reasons", "error", False),
        ("sign-off:risk-analyst", "error", False),
    ]
    place = run["results"][0]["locations"][0]
    assert place["physicalLocation"]["artifactLocation"]["uri"] == "a%20folder/train.py"
    assert place["logicalLocations"][0]["fullyQualifiedName"] == "credit/production/serve/impact-ratio-sex"
    assert run["properties"] == {"allowed": False, "verdict": "refuse", "policy": "p"}
    assert run["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]


def test_the_same_demand_of_the_next_version_is_the_same_finding(outcome: Callable[..., Outcome]) -> None:
    made = outcome()
    assert made.decision is not None
    question = replace(made.decision.question, version="sha256:" + "cd" * 32)
    newer = replace(made, model="cdcd", decision=replace(made.decision, question=question))
    known = [[result["partialFingerprints"] for result in _run(each)["results"]] for each in (made, newer)]
    assert known[0] == known[1]
    assert len({json.dumps(each) for each in known[0]}) == 4


def test_where_the_gate_was_not_asked_the_run_failed() -> None:
    run = _run(Outcome("abab", "production", "serve", None, "no such house"))
    assert run["results"] == []
    assert run["invocations"][0]["executionSuccessful"] is False
    assert run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"] == "no such house"
    assert run["properties"] == {"allowed": False}
