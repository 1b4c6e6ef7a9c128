from __future__ import annotations

from dataclasses import replace

import pytest
from tests.rules.scene import (
    ANALYST,
    AUTHOR,
    FACTS_OF_THE_VERSION,
    QUESTION,
    ROOT,
    VERSION,
    approval,
    auc,
    complete,
    entry,
    key,
    record,
)

from muster.adapters.signatures import verify
from muster.records.decision import SignedApproval
from muster.records.trust import Duty
from muster.rules.envelope import IN_TOTO, envelope_text, seal, statement
from muster.rules.gate.facts import APPROVAL, Facts, gather


def test_entries_become_facts_by_kind_and_everything_else_is_passed_over() -> None:
    noise = [
        replace(complete()[0], kind="something.new"),
        entry(auc(version="sha256:other")),
        replace(FACTS_OF_THE_VERSION[1], body={**FACTS_OF_THE_VERSION[1].body, "id": "run-2"}),
    ]
    facts = gather(QUESTION, record([*complete(), *noise]), ROOT, verify)

    assert (len(facts.use_cases), len(facts.versions), len(facts.runs), len(facts.compilations)) == (1, 1, 1, 1)
    assert (len(facts.evidence), len(facts.approvals), facts.rejected, facts.strays) == (2, 1, (), ())
    assert facts.authors == {AUTHOR}


def test_facts_keep_who_and_when_and_whether_it_was_only_said() -> None:
    said = replace(FACTS_OF_THE_VERSION[0], actor="local:owner")
    (fact,) = gather(QUESTION, record([said]), ROOT, verify).use_cases

    assert (fact.person, fact.local, fact.at) == ("owner", True, said.at)


@pytest.mark.parametrize("predicate", [None, [], {}, {"approver": 3}, {"question": {}}, "text"])
def test_a_signed_statement_without_sense_is_rejected_not_a_crash(predicate: object) -> None:
    pen = key(ANALYST)
    text = envelope_text(
        seal(IN_TOTO, statement({"model-version": VERSION}, APPROVAL, predicate), [(pen.key, pen.sign)])
    )
    facts = gather(QUESTION, record([entry(SignedApproval(VERSION, text))]), ROOT, verify)

    assert facts.approvals == ()
    assert len(facts.rejected) == 1


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"payload": "", "payloadType": "", "signatures": []}', "é"])
def test_an_envelope_without_sense_is_rejected_not_a_crash(text: str) -> None:
    facts = gather(QUESTION, record([entry(SignedApproval(VERSION, text))]), ROOT, verify)

    assert facts.approvals == ()
    assert "entry 0" in facts.rejected[0]


def test_a_statement_about_another_version_than_its_approval_is_rejected() -> None:
    whole = approval()
    pen = key(ANALYST)
    from muster.rules.envelope import read_envelope, read_statement

    envelope = read_envelope(whole.body["envelope"])
    import base64

    _, predicate = read_statement(base64.b64decode(envelope.payload), APPROVAL)
    twisted = seal(IN_TOTO, statement({"model-version": "sha256:other"}, APPROVAL, predicate), [(pen.key, pen.sign)])
    facts = gather(QUESTION, record([entry(SignedApproval(VERSION, envelope_text(twisted)))]), ROOT, verify)

    assert facts.approvals == ()
    assert "another version" in facts.rejected[0]


def test_facts_add_up() -> None:
    first = gather(QUESTION, record(complete()[:3]), ROOT, verify)
    rest = gather(QUESTION, record(complete()[3:]), ROOT, verify)
    both = first | rest

    assert both.evidence == gather(QUESTION, record(complete()), ROOT, verify).evidence
    assert both | Facts() == both
    assert {grant.duty for grant in ROOT.grants} <= set(Duty)


def one(**changes: object) -> Facts:
    return gather(QUESTION, record([approval(**changes)]), ROOT, verify)  # type: ignore[arg-type]


def test_an_approval_counts_in_the_house_that_it_names_only() -> None:
    assert len(one(origin=ROOT.origin).approvals) == 1
    elsewhere = one(origin="bank.example/mortgages")
    assert elsewhere.approvals == ()
    assert "signed for the house 'bank.example/mortgages', this one is 'bank.example/credit'" in elsewhere.rejected[0]


def test_an_approver_may_be_trusted_with_some_use_cases_only() -> None:
    def scoped(*use_cases: str) -> Facts:
        grants = tuple(replace(g, use_cases=use_cases) if g.actor == ANALYST else g for g in ROOT.grants)
        return gather(QUESTION, record([approval()]), replace(ROOT, grants=grants), verify)

    assert len(scoped("cards", "loans").approvals) == 1
    assert scoped("cards").approvals == ()
    assert "lets 'ann' sign off other use cases than 'loans' only" in scoped("cards").rejected[0]
