from __future__ import annotations

from collections.abc import Callable

from muster.lifecycle.policies.show import PolicyLine, PolicyPage


def test_only_lines_that_are_not_its_own_say_where_they_are_from(shown: Callable[..., str]) -> None:
    lines = (PolicyLine("It is fair.", "its own"), PolicyLine("One signs.", "credit"))
    said = shown(PolicyPage("credit-eu", "sha256:" + "a" * 64, (), lines))
    assert "It is fair.\n" in said
    assert "One signs.  (from credit)" in said
