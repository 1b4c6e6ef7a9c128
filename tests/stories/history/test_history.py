"""History is decided again: what the gate said of these facts it says for ever, or the version of its rules goes up."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from muster.adapters.signatures import verify
from muster.records.codec import decode, moment
from muster.records.decision import Question
from muster.records.entry import Entry, Recorded
from muster.records.policy import Library, Policy
from muster.records.trust import TrustRoot
from muster.rules.gate.decide import VERSION, decide
from muster.rules.gate.facts import gather

TOLD = json.loads((Path(__file__).parent / "rules-1.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", TOLD["cases"])
def test_old_facts_get_the_verdict_that_they_got(name: str) -> None:
    case = TOLD["cases"][name]
    raw = [text.encode() for text in case["entries"]]
    entries = [Recorded(seq, Entry.from_bytes(each), each) for seq, each in enumerate(raw)]
    question = decode(Question, TOLD["question"])
    facts = gather(question, entries, decode(TrustRoot, TOLD["root"]), verify)
    policy, library = decode(Policy, TOLD["policy"]), decode(Library, TOLD["library"])
    decision = decide(policy, library, question, facts, moment(case["at"]))
    assert decision.verdict.value == case["verdict"]
    assert {reason.demand: reason.finding.value for reason in decision.reasons} == case["findings"]
    assert case["rules"] == VERSION
