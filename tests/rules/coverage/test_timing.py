from dataclasses import replace

import pytest

from muster.records.governance.clauses import Clause, Confidence
from muster.rules.coverage.timing import Timing, in_words, timing

CLAUSE = Clause("AIA 9", "Risks are managed.", "there", "enacted", Confidence.UNVERIFIED)


@pytest.mark.parametrize(
    ("changes", "today", "expected", "words"),
    [
        ({"in_force_from": "2027-12-02"}, "2027-12-01", Timing.TO_COME, "from 2 Dec 2027"),
        ({"in_force_from": "2027-12-02"}, "2027-12-02", Timing.IN_FORCE, "in force since 2 Dec 2027"),
        ({}, "2027-12-02", Timing.UNDATED, "enacted; from when is not known here"),
        ({"status": "in-force"}, "2020-01-01", Timing.IN_FORCE, "in force"),
        ({"status": "voluntary"}, "2020-01-01", Timing.VOLUNTARY, "voluntary"),
        ({"status": "policy"}, "2020-01-01", Timing.OWN, "own rule"),
        ({"status": "rescinded", "in_force_until": "2026-04-17"}, "2026-04-16", Timing.IN_FORCE, "in force"),
        ({"status": "rescinded", "in_force_until": "2026-04-17"}, "2026-04-17", Timing.ENDED, "ended on 17 Apr 2026"),
        ({"status": "rescinded"}, "2026-04-17", Timing.ENDED, "ended"),
        ({"status": "something"}, "2026-04-17", Timing.UNDATED, "enacted; from when is not known here"),
    ],
)
def test_a_clause_stands_by_its_days_and_else_by_its_status(
    changes: dict[str, str], today: str, expected: Timing, words: str
) -> None:
    clause = replace(CLAUSE, **changes)
    assert timing(clause, today) is expected
    assert in_words(clause, today) == words
