from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from muster.cli.local.listing import LOCAL
from muster.cli.render import decisions
from muster.lifecycle.catalogue import CATALOGUE
from muster.records.decision import SETTLED, Decision, Finding, Question, Reason, Verdict

AT = datetime(2026, 11, 23, tzinfo=UTC)

VERSION = "sha256:" + "a" * 64


def _decision(verdict: Verdict, *reasons: Reason) -> Decision:
    return Decision(Question(VERSION, "credit", "production"), verdict, reasons, "p", "l", 1, AT)


def test_the_verdict_the_demands_and_what_next(shown: Callable[..., str]) -> None:
    decision = _decision(
        Verdict.REFUSE,
        Reason("auc", Finding.MET, "It tells people apart.", "0.77 is at least 0.70"),
        Reason("impact", Finding.NOT_MET, "No group is left behind.", f"0.63 [of {VERSION}] is under 0.80"),
        Reason("equal", Finding.NOT_MET, "s", "e"),
        Reason("late (trial)", Finding.NOT_MET, "s", "e"),
        Reason("parity", Finding.MISSING, "s", "not compiled"),
        Reason("sign-off:risk-analyst", Finding.MISSING, "A person signs.", "nobody has signed"),
    )
    text = shown(decision, decision)
    assert "REFUSED  sha256:aaaaaaaaaaaa for credit in production, to serve" in text
    assert text.index("impact") < text.index("auc")
    assert "0.63 [of sha256:aaaaaaaaaaaa] is under 0.80" in text
    assert "a risk-analyst signs: muster sign-off sha256:aaaaaaaaaaaa --role risk-analyst" in text
    assert "impact, equal: change the model" in text
    assert "late (trial): let it be seen beside the version that answers" in text
    assert "muster traffic measure NAME sha256:aaaaaaaaaaaa" in " ".join(text.split())
    assert "the same: muster model compile sha256:aaaaaaaaaaaa DATASET" in text


def test_nothing_is_advised_where_nothing_is_open(shown: Callable[..., str]) -> None:
    decision = _decision(Verdict.ALLOW, Reason("auc", Finding.MET, "s", "e"))
    assert "What next" not in shown(decision, decision)
    assert "ALLOWED" in shown(decision, decision)


@pytest.mark.parametrize("finding", [finding for finding in Finding if finding not in SETTLED])
def test_every_finding_that_is_open_has_an_advice(shown: Callable[..., str], finding: Finding) -> None:
    decision = _decision(Verdict.REFUSE, Reason("auc", finding, "s", "e"))
    assert "auc: " in shown(decision, decision).partition("What next:")[2]


def test_every_command_that_is_advised_exists() -> None:
    advised = re.findall(r"muster ([a-z-]+(?: [a-z-]+)?)", Path(decisions.__file__).read_text())
    assert advised
    assert set(advised) <= {*CATALOGUE, *LOCAL}
