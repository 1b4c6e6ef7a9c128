from dataclasses import replace

import pytest
from tests.walk import Walked

from muster.lifecycle.library.versions import changes
from muster.records.codec import encode


def test_versions_are_listed_with_what_each_changed(walked: Walked) -> None:
    held = walked.do("mia", "library show")
    limit = replace(held.control("discrimination").limit, value=0.75)
    changed = tuple(replace(c, limit=limit) if c.id == "discrimination" else c for c in held.controls)
    newer = replace(held, controls=changed[1:], clauses=held.clauses, notice="Newer.")
    walked.do("ana", "library adopt", library=encode(newer))
    rest = "whole 95 % interval, each n at least 200"
    first, second = walked.do("mia", "library list")
    assert (first.changes, first.controls) == ((), len(held.controls))
    assert second.changes == (
        f"gone controls: {held.controls[0].id}",
        f"control discrimination: limit auc at least 0.7, {rest} -> auc at least 0.75, {rest}",
        "the notice",
    )
    assert walked.do("mia", "library list", library="other") == ()


def test_a_library_that_is_not_sound_is_not_adopted(walked: Walked) -> None:
    held = encode(walked.do("mia", "library show"))
    held["controls"][0]["in_force_from"] = "soon"
    with pytest.raises(ValueError, match=r"controls\[0\].in_force_from: 'soon' is no date"):
        walked.do("ana", "library adopt", library=held)


def test_a_library_that_changed_nothing_says_nothing(walked: Walked) -> None:
    held = walked.do("mia", "library show")
    assert list(changes(held, held)) == []
    brief = replace(held.controls[0], waivable=not held.controls[0].waivable, statement="Another sentence. " * 9)
    told = list(changes(held, replace(held, controls=(brief, *held.controls[1:]))))
    assert told == [f"control {brief.id}: statement, waivable {not brief.waivable} -> {brief.waivable}"]
