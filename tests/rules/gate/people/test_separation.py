"""Who had a hand in a version may not sign it off, as the entries along its lineage say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.rules.scene import (
    ANALYST,
    AUTHOR,
    FACTS_OF_THE_VERSION,
    POLICY,
    QUESTION,
    ROOT,
    approval,
    asked,
    auc,
    compilation,
    entry,
    inputs,
    record,
    waiver,
)

from muster.adapters.signatures import verify
from muster.records.canonical import digest
from muster.records.data import DatasetRole, DatasetVersion
from muster.records.decision import Finding, Verdict
from muster.records.entry import Entry
from muster.rules.gate.facts import gather
from muster.rules.gate.people.separation import along, hand_in, makers

LINE = replace(POLICY, separation_along_lineage=True)
RAW, PART = digest(b"raw"), digest(b"training")
RAW_DATA = DatasetVersion("loans", RAW, 10, DatasetRole.SOURCE, (), (), "a bank", "none")
PART_DATA = replace(RAW_DATA, digest=PART, role=DatasetRole.TRAINING, parent=RAW)


def known(
    *, brought: str = "dora", split: str = "sam", compiled: str = AUTHOR, without: tuple[str, ...] = ()
) -> list[Entry]:
    data = [entry(RAW_DATA, brought), entry(PART_DATA, split)]
    others = [each for each in FACTS_OF_THE_VERSION if each.kind != "model-version.compiled"]
    signed = approval(seen=FACTS_OF_THE_VERSION, policy=LINE)
    whole = [*data, *others, entry(compilation(), compiled), signed]
    return [each for each in whole if each.kind not in without]


def lineage(entries: list[Entry], policy: Any = LINE) -> tuple[Verdict, str]:
    """Return the verdict and what is open."""
    decision = asked(entries, policy=policy)
    return decision.verdict, "; ".join(reason.explanation for reason in decision.reasons)


def test_somebody_else_signs_off() -> None:
    verdict, said = lineage(known())
    assert verdict is Verdict.ALLOW
    assert "signed by ann (own key)" in said


@pytest.mark.parametrize(
    ("who", "did"),
    [
        ({"brought": ANALYST}, "brought its data"),
        ({"split": ANALYST}, "split its data"),
        ({"compiled": ANALYST}, "compiled it"),
        ({"split": f"{ANALYST}/nightly"}, "split its data"),
        ({"brought": f"local:{ANALYST}", "compiled": f"{ANALYST}/nightly"}, "brought its data and compiled it"),
    ],
)
def test_whoever_had_a_hand_in_it_does_not_sign_it_off(who: dict[str, str], did: str) -> None:
    verdict, said = lineage(known(**who))
    assert verdict is Verdict.WAIT
    assert f"ann had a hand in this version ({did}) and may not sign it off" in said


def test_policies_of_before_ask_for_authors_only() -> None:
    entries = [*known(brought=ANALYST)[:-1], approval()]
    assert lineage(entries, POLICY)[0] is Verdict.ALLOW
    lax = replace(LINE, separation_of_duties=False)
    assert lineage([*known(brought=ANALYST)[:-1], approval(policy=lax)], lax)[0] is Verdict.ALLOW


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"without": ("dataset.snapshotted",)}, f"nobody is known to have brought dataset {PART}"),
        ({"compiled": "system"}, "names no person"),
        ({"brought": "system"}, "names no person"),
    ],
)
def test_whom_nobody_knows_may_be_anybody(changes: dict[str, Any], said: str) -> None:
    verdict, told = lineage(known(**changes))
    assert verdict is Verdict.REFUSE
    assert said in told


@pytest.mark.parametrize("actor", ["", "system", "local:", "/nightly"])
@pytest.mark.parametrize("kind", ["run.finished", "model-version.registered"])
def test_a_version_that_nobody_is_named_for_may_be_anybody_s(actor: str, kind: str) -> None:
    """Whatever the policy asks of the lineage: unknown authors count as whoever signs."""
    made = [replace(each, actor=actor) if each.kind == kind else each for each in FACTS_OF_THE_VERSION]
    verdict, told = lineage([*made, approval()], POLICY)
    assert verdict is Verdict.REFUSE
    assert "names no person, so that whoever signs off may have made the version" in told


def test_a_parent_that_is_not_known_refuses() -> None:
    entries = [each for each in known() if each.body.get("digest") != RAW]
    assert f"nobody is known to have brought dataset {RAW}" in lineage(entries)[1]


def test_data_of_other_versions_is_nobody_s_hand_in_this_one() -> None:
    other = replace(RAW_DATA, digest=digest(b"other"))
    assert lineage([*known(), entry(other, ANALYST)])[0] is Verdict.ALLOW


def test_who_had_a_hand_in_it_neither_asks_for_a_waiver_nor_grants_one() -> None:
    entries = [each for each in known(split=ANALYST) if each.kind != "evidence.recorded"]
    entries += [entry(inputs()), entry(auc(0.6)), entry(waiver(), ANALYST)]
    decision = asked(entries, policy=LINE)
    (reason,) = [reason for reason in decision.reasons if reason.demand == "discrimination"]
    assert reason.finding is Finding.NOT_MET


def test_it_is_said_who_did_what() -> None:
    made = makers(LINE, gather(QUESTION, record(known()), ROOT, verify))
    assert made == {
        "dora": ("brought its data",),
        "sam": ("split its data",),
        AUTHOR: ("trained it", "registered it", "compiled it"),
    }
    assert hand_in(AUTHOR, made) == "bob is an author of this version"


def test_the_entries_along_a_lineage_are_found_once_even_in_a_circle() -> None:
    circle = [entry(replace(RAW_DATA, parent=PART)), entry(PART_DATA)]
    about = {each.subject: [found] for each, found in zip(circle, record(circle), strict=True)}
    assert [each.entry for each in along(PART, lambda subject: about.get(subject, []))] == circle[::-1]
    assert list(along("", lambda _: [])) == []
