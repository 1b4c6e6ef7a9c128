from collections.abc import Callable

from muster.lifecycle.library.regimes import Coverage, Outlook, RegimeLine
from muster.rules.coverage.report import Answer, CoverageLine, Covered
from muster.rules.coverage.upcoming import Coming, Stand

NOTICE = "Engineering input, not legal advice."
MET = Answer("auc", ("credit",), "met", "0.8")
IDLE = Answer("slices", (), "missing", "no evidence")


def line(clause: str, covered: Covered, *answers: Answer, **more: object) -> CoverageLine:
    told = {"standing": "in force", "confidence": "read", "gaps": (), "why": "acts in EU", **more}
    return CoverageLine(clause, "What it asks.", covered=covered, answers=answers, **told)  # type: ignore[arg-type]


def coverage(*lines: CoverageLine, **counts: int) -> Coverage:
    return Coverage("AIA", "The Act", "version credit", "2027-12-02", counts, lines, "A note.", NOTICE)


def test_coverage_begins_with_counts_and_tells_each_clause(shown: Callable[..., str]) -> None:
    gap = line("AIA 73", Covered.NOTHING, gaps=("Not covered: it.",), confidence="unverified")
    said = shown(coverage(line("AIA 9", Covered.SHOWN, MET, IDLE), gap, shown=1, nothing=1))
    assert "law as of  2 Dec 2027" in said
    assert "1  not covered: nothing here answers it" in said
    assert "AIA 9  shown  (in force)\n  What it asks.\n    auc, demanded by credit, met: 0.8\n" in said
    assert "could answer it, and does not here: slices" in said
    assert "AIA 73  nothing  (in force, unverified)" in said
    assert "gap: Not covered: it." in said
    assert said.index("A note.") < said.index(NOTICE)


def test_what_speaks_of_others_or_of_later_is_told_briefly(shown: Callable[..., str]) -> None:
    away = line("AIA 50", Covered.NOT_CONCERNED, why="is for agents")
    later = line("AIA 9", Covered.NOT_YET, standing="from 2 Dec 2027")
    said = shown(coverage(away, later, **{"not-yet": 1, "not-concerned": 1}))
    assert "Not for this use case: AIA 50\n  is for agents" in said
    assert "Not in force then: from 2 Dec 2027. --as-of DAY" in said


def test_a_regime_without_clauses_says_so(shown: Callable[..., str]) -> None:
    assert "describes no clause of it" in shown(coverage())


def test_regimes_are_a_table(shown: Callable[..., str]) -> None:
    said = shown((RegimeLine("AIA", "The Act", "from 2 Dec 2027", (), 69, 34, "unverified", ""),))
    assert "anywhere" in said
    assert "not legal advice" in said


def coming(clause: str, *stands: Stand, **more: object) -> Coming:
    told = {"controls": ("auc", "slices"), "demanded": (), "gaps": (), **more}
    ids = ("2027-12-02", "begins", "AIA", clause, "What it asks.", "loans", "acts in EU")
    return Coming(*ids, versions=stands, **told)  # type: ignore[arg-type]


def test_an_outlook_is_told_by_day_use_case_and_regime(shown: Callable[..., str]) -> None:
    stand = Stand("credit", "sha256:" + "a" * 64, "shown", ("auc",), ("slices",))
    bare = Stand("credit", "sha256:" + "a" * 64, "nothing", (), ())
    found = (coming("AIA 9", stand), coming("AIA 73", bare, controls=()))
    said = shown(Outlook("2026-11-23", "all dates known", found, ("other",), NOTICE))
    assert "2 Dec 2027: AIA begins for loans (2 clauses; acts in EU)" in said
    assert "credit sha256:aaaaaaaaaaaa: 1 shown; 1 nothing" in said
    assert "there: auc\n      not there yet: slices" in said
    assert "AIA 73  What it asks.\n      nothing here answers it" in said
    assert "Not one policy is for other" in said


def test_an_outlook_without_versions_or_changes_says_so(shown: Callable[..., str]) -> None:
    said = shown(Outlook("2026-11-23", "2027-12-31", (coming("AIA 9"),), (), NOTICE))
    assert "no version to look at" in said
    assert "measured by: auc, slices" in said
    empty = shown(Outlook("2026-11-23", "2026-12-31", (), (), NOTICE))
    assert "No clause that the library knows begins or ends" in empty
    assert "until  31 Dec 2026" in empty
