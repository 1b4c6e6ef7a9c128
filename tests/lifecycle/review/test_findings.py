"""Findings through the doors: opened, answered, closed by somebody else, and in the way of a release meanwhile."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.adopting import adopt, unchanged
from tests.walk import Walked

from muster.records.codec import stamp
from muster.records.governance.findings import OpenedFinding
from muster.records.governance.terms import FindingSeverity

BLOCKING = (FindingSeverity.HIGH, FindingSeverity.CRITICAL)


@pytest.fixture
def reviewed(walked: Walked) -> Walked:
    """The walk, with two validators, under a policy that grave findings block."""
    walked.add("vera", "validator")
    walked.add("vito", "validator")
    adopt(walked, blocking_findings=BLOCKING)
    walked.sign("bob")
    return walked


def opened(walked: Walked, actor: str = "vera", **changed: Any) -> Any:
    usual = {
        "severity": "high",
        "title": "Bills are older than the bank's rule allows",
        "owner": "mia",
        "due": stamp(walked.clock() + timedelta(days=14)),
        "version": walked.version[:20],
        "words": "Column BILL_AMT1 of Mr Smith is of April.",
    }
    asked = {name: value for name, value in {**usual, **changed}.items() if value is not None}
    return walked.do(actor, "finding open", **asked)


def made_validator(walked: Walked, actor: str, **scope: Any) -> None:
    asked = walked.do("admin", "role propose", actor=actor, role="validator", reason="needed", **scope)
    walked.do("ines", "role confirm", proposal=asked.proposal)


def demand(walked: Walked) -> Any:
    decision = walked.do("mia", "gate ask", version=walked.version)
    return next(reason for reason in decision.reasons if reason.demand == "findings")


def test_a_finding_walks_from_opened_to_closed_and_blocks_until_then(reviewed: Walked) -> None:
    assert demand(reviewed).finding == "met"
    line = opened(reviewed)
    assert (line.id, line.state, line.overdue, line.owner) == ("F-1", "open", False, "mia")
    assert demand(reviewed).finding == "not-met"
    with pytest.raises(PermissionError, match="findings .not-met.: F-1 .high, mia by"):
        reviewed.do("mia", "release sign", version=reviewed.version)

    assert reviewed.do("mia", "finding answer", finding="f-1", words="newer bills").state == "answered"
    assert reviewed.do("mia", "finding answer", finding="F-1", words="done", done=True).state == "done"
    assert demand(reviewed).finding == "not-met", "what its owner says opens no door"
    assert reviewed.do("vito", "finding close", finding="F-1", words="seen them").state == "closed"
    assert demand(reviewed).finding == "met"
    reviewed.do("mia", "release sign", version=reviewed.version)

    assert reviewed.do("vera", "finding reopen", finding="F-1", words="April again").state == "open"
    assert demand(reviewed).finding == "not-met"
    story = reviewed.do("vera", "finding show", finding="F-1")
    assert [(said.who, said.did) for said in story.steps] == [
        ("vera", "opened"),
        ("mia", "answered"),
        ("mia", "says it is done"),
        ("vito", "closed"),
        ("vera", "reopened"),
    ]
    assert story.steps[0].words.startswith("Column BILL_AMT1")


def test_a_finding_after_a_release_takes_it_out_of_the_orders(reviewed: Walked) -> None:
    reviewed.package = reviewed.do("mia", "release sign", version=reviewed.version).package
    reviewed.do("omar", "deployment set", name="credit", version=reviewed.version)
    assert reviewed.do("omar", "orders issue").deployments
    opened(reviewed, version=None, use_case="consumer-credit", severity="critical")
    states = {line.package: (line.state, line.reasons) for line in reviewed.do("omar", "release list")}
    state, reasons = states[reviewed.package]
    assert state == "lapsed"
    assert "F-1 (critical on the use case, mia by" in reasons[0]
    assert not reviewed.do("omar", "orders issue").deployments


def test_it_is_listed_by_weight_and_flagged_when_it_is_overdue(reviewed: Walked) -> None:
    assert reviewed.do("mia", "finding list") == ()
    opened(reviewed, severity="low")
    opened(reviewed, severity="critical", version=None, use_case="consumer-credit")
    opened(reviewed, severity="critical", due=stamp(reviewed.clock() + timedelta(days=2)))
    reviewed.do("vito", "finding close", finding="F-1", words="a slip")
    assert [line.id for line in reviewed.do("mia", "finding list")] == ["F-3", "F-2"]
    assert [line.id for line in reviewed.do("mia", "finding list", closed=True)] == ["F-3", "F-2", "F-1"]
    assert [line.id for line in reviewed.do("mia", "finding list", version=reviewed.sibling())] == ["F-2"]
    assert reviewed.do("mia", "finding list", use_case="mortgage") == ()
    reviewed.clock.offset += timedelta(days=3)
    assert [(line.id, line.overdue) for line in reviewed.do("mia", "finding list")] == [("F-3", True), ("F-2", False)]
    assert "OVERDUE" in demand(reviewed).explanation


@pytest.mark.parametrize(
    ("actor", "error", "said"),
    [
        ("mia", PermissionError, "needs the role validator"),
        ("bob", PermissionError, "needs the role validator"),
        ("vera", PermissionError, "vera owns the work and may not close it"),
    ],
)
def test_only_a_validator_who_does_not_own_the_work_closes_it(
    reviewed: Walked, actor: str, error: Any, said: str
) -> None:
    opened(reviewed, owner="vera")
    with pytest.raises(error, match=said):
        reviewed.do(actor, "finding close", finding="F-1", words="fine")
    assert said in reviewed.refusals()[-1]
    assert demand(reviewed).finding == "not-met"


def test_an_author_closes_nothing_about_their_own_version(reviewed: Walked) -> None:
    made_validator(reviewed, "mia")
    opened(reviewed, owner="omar")
    opened(reviewed, owner="omar", version=None, use_case="consumer-credit")
    for finding in ("F-1", "F-2"):
        with pytest.raises(PermissionError, match="mia is an author of the version and may not close it"):
            reviewed.do("mia", "finding close", finding=finding, words="fine")


@pytest.mark.parametrize(
    ("changed", "error", "said"),
    [
        ({"version": None}, ValueError, "either --version, or --use-case"),
        ({"use_case": "consumer-credit"}, ValueError, "either --version, or --use-case"),
        ({"title": " "}, ValueError, "a finding has a title"),
        ({"title": "a\nb"}, ValueError, "a finding has a title"),
        ({"title": "x" * 201}, ValueError, "a finding has a title"),
        ({"due": "2020-01-01T00:00:00.000000Z"}, ValueError, "which is past"),
        ({"owner": "nobody"}, LookupError, "no actor 'nobody'"),
        ({"control": "nothing"}, LookupError, "no library here has a control"),
        ({"clause": "nothing"}, LookupError, "no library here knows a clause"),
        ({"severity": "worst"}, ValueError, "severity"),
        ({"version": "sha256:ffffffffffff"}, LookupError, "not known here"),
    ],
)
def test_what_makes_no_sense_is_not_opened(reviewed: Walked, changed: Any, error: Any, said: str) -> None:
    with pytest.raises(error, match=said):
        opened(reviewed, **changed)
    assert not reviewed.context().history(OpenedFinding)


def test_only_its_owner_answers_and_only_while_it_is_open(reviewed: Walked) -> None:
    opened(reviewed)
    finding = {"finding": "F-1", "words": "x"}
    unchanged(reviewed, PermissionError, "F-1 is for mia to answer, not for omar", "omar", "finding answer", **finding)
    unchanged(reviewed, ValueError, "say something", "mia", "finding answer", finding="F-1", words=" ")
    unchanged(reviewed, ValueError, "F-1 is open already", "vera", "finding reopen", **finding)
    unchanged(reviewed, LookupError, "no finding 'F-9'", "mia", "finding answer", finding="F-9", words="x")
    reviewed.do("vito", "finding close", **finding)
    unchanged(reviewed, ValueError, "F-1 is closed already", "mia", "finding answer", **finding)
    unchanged(reviewed, ValueError, "F-1 is closed already", "vito", "finding close", **finding)


def test_its_words_are_erased_with_whoever_wrote_them_and_it_still_blocks(reviewed: Walked) -> None:
    opened(reviewed)
    assert "Smith" not in str([recorded.raw for recorded in reviewed.house.ledger.read(kind="finding.opened")])
    reviewed.do("admin", "personal-data erase", data_subject="actor:vera", reason="asked for on 2026-11-23")
    assert reviewed.do("vito", "finding show", finding="F-1").steps[0].words == "(erased)"
    assert demand(reviewed).finding == "not-met"


def test_a_role_that_counts_elsewhere_only_opens_and_closes_nothing_here(reviewed: Walked) -> None:
    opened(reviewed)
    reviewed.do("admin", "actor add", id="vlad", roles=["operator"])
    made_validator(reviewed, "vlad", business_units=["elsewhere"])
    with pytest.raises(PermissionError, match="counts in business unit elsewhere only"):
        opened(reviewed, actor="vlad")
    with pytest.raises(PermissionError, match="counts in business unit elsewhere only"):
        reviewed.do("vlad", "finding close", finding="F-1", words="fine")
