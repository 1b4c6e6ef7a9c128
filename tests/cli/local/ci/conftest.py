from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from tests.walk import _walked_template, walked

from muster.cli.local.ci.outcome import Outcome
from muster.records.decision import Decision, Finding, Question, Reason, Verdict

__all__ = ["_walked_template", "walked"]

VERSION = "sha256:" + "ab" * 32
REASONS = (
    Reason("discrimination", Finding.MET, "It tells people apart.", "auc 0.77 is at least 0.70", ("sha256:e",)),
    Reason("impact-ratio-sex", Finding.NOT_MET, "No sex is left behind.", "0.63 & <less> than \x1b[31m0.80"),
    Reason("impact-ratio-sex", Finding.WAIVED, "No sex is left behind.", "until 2027-01-01: ana takes it"),
    Reason("reasons", Finding.NOT_MEASURED, "", "the check stopped"),
    Reason("sign-off:risk-analyst", Finding.MISSING, "A person signs.", "nobody has signed"),
)


@pytest.fixture
def outcome() -> Callable[..., Outcome]:
    """Make what came of asking: a verdict with these reasons."""

    def make(verdict: Verdict = Verdict.REFUSE, reasons: tuple[Reason, ...] = REASONS) -> Outcome:
        at = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
        asked = Question(VERSION, "credit", "production")
        return Outcome("abab", "production", "serve", Decision(asked, verdict, reasons, "p", "l", 3, at))

    return make
