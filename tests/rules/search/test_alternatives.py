from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.lifecycle.report.scene import candidate

from muster.records.governance.search import Candidate, Constraint
from muster.rules.search.alternatives import broken, constraint_fault, front, preference, worth

places = st.integers(0, 6).map(float)
tried = st.lists(st.builds(candidate, st.floats(0, 1), places, st.none() | places.map(lambda v: v / 10)), max_size=12)


def better(one: Candidate, other: Candidate) -> bool:
    mine, theirs = (one.impact_ratio, worth(one)), (other.impact_ratio, worth(other))
    return mine != theirs and mine[0] >= theirs[0] and mine[1] >= theirs[1]  # type: ignore[operator]


@given(tried)
def test_on_the_front_are_just_those_that_nothing_beats(candidates: list[Candidate]) -> None:
    found = [candidates[place] for place in front(candidates)]
    assert [worth(one) for one in found] == sorted((worth(one) for one in found), reverse=True)
    for one in candidates:
        if one.impact_ratio is not None:
            beaten = any(better(other, one) for other in candidates if other.impact_ratio is not None)
            assert (one in found) == (not beaten)


def test_what_is_left_open_counts_before_worth() -> None:
    rich = candidate(0.5, 100.0, 0.9)
    poor = candidate(0.5, 1.0, 0.9)
    for left in ({"open_demands": ("a",)}, {"unmeasured": ("a",)}, {"broken": ("a",)}):
        assert min([replace(rich, **left), poor], key=preference) == poor
    assert min([poor, rich], key=preference) == rich


@pytest.mark.parametrize(
    ("constraint", "said"),
    [
        (Constraint("auc", "at-least", 0.75), []),
        (Constraint("auc", "at-least", 0.8), ["auc at-least 0.8: 0.75"]),
        (Constraint("impact_ratio", "at-most", 0.5), ["impact_ratio at-most 0.5: 0.9"]),
        (Constraint("favourable_rate", "at-least", 0.1), ["favourable_rate at-least 0.1: not known"]),
    ],
)
def test_a_broken_constraint_is_named_with_what_was_found(constraint: Constraint, said: list[str]) -> None:
    assert list(broken(candidate(0.5, 1.0, 0.9), (constraint,))) == said


def test_constraints_that_mean_nothing_are_named() -> None:
    assert "no figure 'luck'" in constraint_fault([Constraint("luck", "at-least", 1.0)])
    assert "not 'about'" in constraint_fault([Constraint("auc", "about", 1.0)])
    assert constraint_fault([Constraint("auc", "at-most", 1.0)]) == ""
