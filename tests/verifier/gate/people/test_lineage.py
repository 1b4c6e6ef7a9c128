"""Who had a hand in a version signs nothing off, for the verifier as for the gate."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.rules.gate.people.test_separation import LINE, PART, PART_DATA, RAW, RAW_DATA, known
from tests.rules.scene import ANALYST, AUTHOR, POLICY, VALIDATOR, approval, compilation, entry
from tests.verifier.agreeing import outcome

from muster.records.canonical import digest
from muster.records.entry import Entry

DEMAND = "sign-off:risk-analyst"
OTHER = digest(b"other")


def lined(entries: list[Entry], policy: Any = LINE) -> tuple[str, str]:
    """Return how lineage and sign-off came out."""
    told = [*entries, approval(entries, policy=policy)]
    return outcome(told, "lineage", policy=policy), outcome(told, DEMAND, policy=policy)


def test_a_whole_lineage_of_other_people_is_well() -> None:
    assert lined(known()) == ("", "met")


@pytest.mark.parametrize("who", ["brought", "split", "compiled"])
def test_who_brought_data_or_compiled_signs_nothing_off(who: str) -> None:
    for name in (ANALYST, f"{ANALYST}/nightly", f"local:{ANALYST}"):
        assert lined(known(**{who: name})) == ("", "missing")
        assert lined(known(**{who: name}), POLICY) == ("", "met"), "authors only, where the policy says no more"
        lax = replace(LINE, separation_of_duties=False)
        assert lined(known(**{who: name}), lax) == ("", "met")


@pytest.mark.parametrize("who", ["brought", "split", "compiled"])
@pytest.mark.parametrize("nobody", ["", "system", "local:"])
def test_whom_nobody_knows_may_be_anybody(who: str, nobody: str) -> None:
    assert lined(known(**{who: nobody}))[0] == "unknown"
    assert lined(known(**{who: nobody}), POLICY)[0] == ""
    assert lined(known(**{who: nobody}), replace(LINE, separation_of_duties=False))[0] == ""


def test_every_link_of_the_line_is_there() -> None:
    whole = known()
    for name in (RAW, PART):
        rest = [each for each in whole if each.body.get("digest") != name]
        assert lined(rest)[0] == "unknown"
    circle = [each for each in whole if each.kind != "dataset.snapshotted"]
    circle += [entry(replace(RAW_DATA, parent=PART), "dora"), entry(PART_DATA, "sam")]
    assert lined(circle) == ("", "met")


def test_data_of_others_is_nobody_s_hand_in_this_one() -> None:
    for name in (ANALYST, "system"):
        others = [
            entry(replace(RAW_DATA, digest=OTHER), name),
            entry(replace(RAW_DATA, digest=digest(b"x"), parent=RAW), name),
        ]
        assert lined([*known(), *others]) == ("", "met")
        again = entry(replace(compilation(), version=OTHER), name)
        assert lined([*known(), again]) == ("", "met")


def test_makers_are_who_trained_or_registered() -> None:
    for by in (AUTHOR, VALIDATOR):
        told = [*known(without=("approval.signed",)), approval(known(), by=by, policy=LINE)]
        assert outcome(told, DEMAND, policy=LINE) == ("missing" if by == AUTHOR else "met")


def test_who_trained_and_who_registered_made_it() -> None:
    rest = known(without=("approval.signed",))
    for kind in ("run.finished", "model-version.registered"):
        told = [replace(each, actor=VALIDATOR) if each.kind == kind else each for each in rest]
        for by in (AUTHOR, VALIDATOR):
            assert outcome([*told, approval(told, by=by, policy=LINE)], DEMAND, policy=LINE) == "missing"
