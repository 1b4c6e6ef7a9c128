from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from rich.console import Console

from muster.cli.local.ci.checklist import checklist
from muster.cli.local.ci.outcome import Outcome
from muster.records.decision import Verdict


@pytest.mark.parametrize("width", [40, 160])
def test_every_demand_has_a_box_and_below_what_was_found_with_what_is_open_first(
    outcome: Callable[..., Outcome], width: int
) -> None:
    out = io.StringIO()
    checklist(outcome(Verdict.REFUSE).decision, Console(file=out, width=width, highlight=False))  # type: ignore[arg-type]
    head, asked, _, *lines = out.getvalue().splitlines()
    assert head == "REFUSED  sha256:" + "ab" * 32
    assert asked.startswith("may it serve credit in production? Policy p, library l, rules 3.")
    assert [line[:3] for line in lines if line.startswith("[")] == ["[ ]", "[ ]", "[ ]", "[x]", "[~]"]
    signed = lines.index("[ ] sign-off:risk-analyst missing: A person signs.")
    assert lines[signed + 1] == "    nobody has signed"
    waived = lines.index("[~] impact-ratio-sex WAIVED: No sex is left behind.")
    assert lines[waived + 1] == "    until 2027-01-01: ana takes it"
    assert "[ ] reasons not-measured: the check stopped" in lines
    assert lines[-2:] == [
        "5 demands: 1 met, 1 WAIVED, 3 open",
        "Without what is WAIVED (impact-ratio-sex): REFUSED",
    ]
