"""JUnit: demands as test cases, in the XML that build servers show (the dialect of Ant's and Maven's reports)."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from muster.cli.local.ci.outcome import Outcome, passed, undecided
from muster.records.decision import Finding, Reason

_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 (section 2.2) cannot hold, not even escaped."""


def junit(outcome: Outcome) -> bytes:
    """Return the report: a test case for every demand, one that is open failed, one that is waived skipped."""
    decision = outcome.decision
    suite = ET.Element("testsuite", name=_legal(_title(outcome)), time="0")
    if decision is not None:
        suite.set("timestamp", f"{decision.at:%Y-%m-%dT%H:%M:%S}")
        about = {"version": decision.question.version, "verdict": decision.verdict.value}
        about |= {"policy": decision.policy, "library": decision.library, "rules": str(decision.rules)}
        properties = ET.SubElement(suite, "properties")
        for name, value in about.items():
            ET.SubElement(properties, "property", name=name, value=_legal(value))
    place = _legal(f"muster.gate.{outcome.environment}.{outcome.scope}")
    for name, reason in outcome.demands():
        _case(ET.SubElement(suite, "testcase", classname=place, name=_legal(name), time="0"), reason)
    if not outcome.allowed and not suite.findall("testcase/failure") + suite.findall("testcase/error"):
        # However it came about, what does not pass may not look as if it did.
        case = ET.SubElement(suite, "testcase", classname=place, name="gate", time="0")
        said = outcome.problem or "the gate does not allow it, and says no reason"
        _told(case, "error", said.partition("\n")[0], said, kind="could-not-tell")
    return _written(suite)


def _written(suite: ET.Element) -> bytes:
    counts = {"tests": len(suite.findall("testcase"))}
    counts |= {f"{word}s": len(suite.findall(f"testcase/{word}")) for word in ("failure", "error")}
    suite.set("skipped", str(len(suite.findall("testcase/skipped"))))  # not the root: strict readers refuse it there
    root = ET.Element("testsuites", name="muster gate", time="0")
    for element in (root, suite):
        for name, count in counts.items():
            element.set(name, str(count))
    root.append(suite)
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _title(outcome: Outcome) -> str:
    named = outcome.model if outcome.decision is None else outcome.decision.question.use_case
    return f"May {named} {outcome.scope} in {outcome.environment}?"


def _case(case: ET.Element, reason: Reason) -> None:
    said = "\n".join(part for part in (reason.statement, reason.explanation) if part)
    if reason.finding is Finding.WAIVED:
        _told(case, "skipped", f"WAIVED: {reason.explanation}")
    elif not passed(reason):
        word = "error" if undecided(reason) else "failure"
        _told(case, word, reason.explanation or reason.finding.value, said, kind=reason.finding.value)
    elif said:
        ET.SubElement(case, "system-out").text = _legal(said)


def _told(case: ET.Element, tag: str, message: str, text: str = "", kind: str = "") -> None:
    element = ET.SubElement(case, tag, message=_legal(message))
    if kind:
        element.set("type", kind)
    if text:
        element.text = _legal(text)


def _legal(text: str) -> str:
    return _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text)
