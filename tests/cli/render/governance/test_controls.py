from collections.abc import Callable
from datetime import UTC, datetime

from muster.lifecycle.library.applying import Applying, UseCasePage
from muster.lifecycle.library.controls import ClauseLine, ControlLine, ControlPage
from muster.lifecycle.library.versions import LibraryLine
from muster.rules.tier import Weighed

AIA = ClauseLine("AIA 9(8)", "Systems are tested.", "Regulation (EU) 2024/1689", "from 2 Dec 2027", "unverified")


def test_controls_stand_under_their_families_with_what_is_not_covered(shown: Callable[..., str]) -> None:
    lines = (
        ControlLine("auc", "performance", "It ranks.", "performance.auc", "auc at least 0.7", ("AIA",), (), "in force"),
        ControlLine("GOV-04", "governance", "It is retired.", "nothing", "", (), (), "not covered"),
    )
    said = shown(lines)
    assert "performance\n  auc  It ranks.\n      auc at least 0.7; AIA" in said
    assert "GOV-04  [not covered]  It is retired.\n      answered by nothing; no clause asks for it" in said
    assert "2 in all, 1 of them not covered" in said


def page(**more: object) -> ControlPage:
    told: dict[str, object] = {
        "id": "auc", "statement": "It ranks.", "family": "performance", "objective": "PERF-01: It is good.",
        "measured_by": "check performance.auc", "evidence": "figures", "limit": "auc at least 0.7", "source": "ours",
        "waivable": False, "applies_to": "every use case", "jurisdictions": (), "state": "in force", "supersedes": (),
        "demanded_by": ("credit: auc at least 0.8",), "confidence": "read", "clauses": (AIA,),
        "not_covered": ("Not covered: intent.",), "notice": "Not legal advice.",
    }  # fmt: skip
    return ControlPage(**{**told, **more})  # type: ignore[arg-type]


def test_a_control_is_told_with_limit_clauses_and_demands(shown: Callable[..., str]) -> None:
    said = shown(page())
    assert "may be waived  no" in said
    assert "Demanded here\n  credit: auc at least 0.8" in said
    assert "AIA 9(8) (from 2 Dec 2027, unverified): Systems are tested." in said
    assert "Not covered: intent." in said
    assert said.rstrip().endswith("Not legal advice.")


def test_what_nobody_demands_and_no_clause_asks_for_is_said(shown: Callable[..., str]) -> None:
    said = shown(page(demanded_by=(), clauses=(), limit=""))
    assert "No policy in force here demands it" in said
    assert "No clause asks for it." in said
    assert "may be waived" not in said


def test_versions_of_a_library_are_told_with_what_they_changed(shown: Callable[..., str]) -> None:
    at = datetime(2026, 11, 23, 12, tzinfo=UTC)
    said = shown((LibraryLine("muster", "sha256:" + "a" * 64, at, "ana", 3, 9, ("new controls: auc",)),))
    assert "2026-11-23 12:00 UTC  muster  sha256:aaaaaaaaaaaa  adopted by ana" in said
    assert "3 controls, 9 clauses\n  new controls: auc" in said


def test_a_use_case_is_told_by_its_facts_and_by_what_is_for_it(shown: Callable[..., str]) -> None:
    said = shown(
        UseCasePage(
            "loans",
            "grant loans",
            "high",
            (Weighed("autonomy", "decides", "high: nobody in between"),),
            (Applying("credit", applies=True, why="credit covers loans"),),
            (
                Applying(
                    "auc", applies=True, why="auc is for every use case; asked for by AIA", demanded_by=("credit",)
                ),
                Applying("hiring", applies=False, why="hiring is for employment; loans is credit"),
            ),
            (),
        )
    )
    assert "autonomy: decides\n      high: nobody in between" in said
    assert "Controls that are for it (1)\n  auc:  demanded by credit; asked for by AIA" in said
    assert "Controls that are not (1)\n  hiring:  for employment; loans is credit" in said
    assert "Regimes" not in said
