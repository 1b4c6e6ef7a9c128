from __future__ import annotations

import pytest
from tests.columns.packages.lists import small

from muster.columns.packages.judging.words import explain, shown
from muster.columns.packages.reference import Means, Reference
from muster.records.language.packages import DEFAULT_ACTIONS, Ecosystem, Verdict

NAMES = small().names[Ecosystem.PYPI]


@pytest.mark.parametrize("verdict", list(Verdict))
def test_whatever_is_acted_on_is_explained(verdict: Verdict) -> None:
    reference = Reference(Ecosystem.PYPI, Means.COMMAND, "x-name", "x-name", 0, 6, 1)
    said = explain(reference, verdict, "", "y-name", NAMES)
    assert bool(said) == (verdict in DEFAULT_ACTIONS)
    assert "{" not in said


def test_verdicts_of_a_list_say_of_which_day_it_is() -> None:
    reference = Reference(Ecosystem.PYPI, Means.COMMAND, "x", "x", 0, 1, 1)
    assert "list of 2026-11-20" in explain(reference, Verdict.NONEXISTENT, "", "", NAMES)
    assert "there is no list" in explain(reference, Verdict.UNKNOWN, "", "", None)


def test_names_are_shown_on_one_line_and_without_tricks() -> None:
    assert shown("a\u202eb\nc") == "a?b?c"
    assert len(shown("x" * 500)) == 80
