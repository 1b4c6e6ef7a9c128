from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree as ET

from tests.cli.local.ci.junit_rules import require_junit

from muster.cli.local.ci.junit import junit
from muster.cli.local.ci.outcome import Outcome
from muster.records.decision import Verdict


def _suite(outcome: Outcome) -> ET.Element:
    root = require_junit(junit(outcome))
    assert root.tag == "testsuites"
    (suite,) = root
    for name, tag in (("failures", "failure"), ("errors", "error"), ("tests", ".")):
        assert int(suite.get(name, "")) == len(suite.findall(f"testcase/{tag}")) == int(root.get(name, ""))
    assert int(suite.get("skipped", "")) == len(suite.findall("testcase/skipped"))
    return suite


def test_demands_are_cases_that_fail_pass_or_are_skipped(outcome: Callable[..., Outcome]) -> None:
    suite = _suite(outcome())
    found = {case.get("name"): [child.tag for child in case] for case in suite.findall("testcase")}
    assert found == {
        "discrimination": ["system-out"],
        "impact-ratio-sex": ["failure"],
        "impact-ratio-sex (2)": ["skipped"],
        "reasons": ["error"],
        "sign-off:risk-analyst": ["failure"],
    }
    said = suite.find("testcase[@name='impact-ratio-sex']/failure")
    assert said is not None
    assert said.get("message") == "0.63 & <less> than \ufffd[31m0.80"
    assert said.get("type") == "not-met"
    assert suite.get("timestamp") == "2026-11-23T09:30:00"
    told = {each.get("name"): each.get("value") for each in suite.findall("properties/property")}
    assert told["verdict"] == "refuse"


def test_where_the_gate_was_not_asked_the_report_is_an_error_and_not_empty() -> None:
    suite = _suite(Outcome("abab", "production", "serve", None, "model version 'abab' is not known\nhere"))
    (error,) = suite.findall("testcase/error")
    assert error.get("message") == "model version 'abab' is not known"
    assert error.text == "model version 'abab' is not known\nhere"


def test_a_refusal_without_a_reason_does_not_look_like_a_pass(outcome: Callable[..., Outcome]) -> None:
    assert len(_suite(outcome(Verdict.REFUSE, ())).findall("testcase/error")) == 1
    assert len(_suite(outcome(Verdict.ALLOW, ())).findall("testcase/error")) == 0
