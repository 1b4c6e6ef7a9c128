from __future__ import annotations

from dataclasses import replace

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from muster.gateway.decided import Decided
from muster.gateway.protocols.decisions import about, many_records, records_of

DECIDED = Decided(
    "loans", "sha256:v", "call-7", ["a", "b", "c"], [0.1, 0.9, 0.5], [True, False, None],
    ["approve", "refuse", "refer"],
    "schema=allow", [[], ["outside-range:x"], ["near-threshold"]], [[], ["R1", "R2"], []], {"R1": "Income"},
    "https://desk/{decision_id}",
)  # fmt: skip


def test_reasons_and_review_stand_where_the_decision_is_not_favourable() -> None:
    first, second, third = records_of(DECIDED)
    assert first == {"decision_id": "a", "score": 0.1, "decision": "approve", "favourable": True, "flags": []}
    assert second["reasons"] == [{"code": "R1", "words": "Income"}, {"code": "R2", "words": ""}]
    assert (second["review"], third["review"]) == ("https://desk/b", "https://desk/c")
    assert (third["favourable"], third["reasons"], third["flags"]) == (None, [], ["near-threshold"])


def test_what_holds_for_all_rows_is_told_once() -> None:
    told = {"deployment": "loans", "model_version": "sha256:v", "request_id": "call-7", "guards": "schema=allow"}
    assert about(DECIDED) == told


def test_what_was_answered_without_the_log_says_so() -> None:
    assert about(replace(DECIDED, logged=False))["logged"] is False


@given(
    st.lists(st.tuples(st.floats(0, 1), st.sampled_from([True, False, None]), st.booleans()), max_size=40),
    st.booleans(),
    st.sampled_from(["", "https://desk/{decision_id}"]),
)
def test_many_records_say_what_single_ones_say(
    rows: list[tuple[float, bool | None, bool]], split: bool, review: str
) -> None:
    size = len(rows)
    marks: list[list[str]] = [["near-threshold"] if marked else [] for _, _, marked in rows]
    codes: list[list[str]] = [["R1", "R2"] if favour is False and marked else [] for _, favour, marked in rows]
    versions = [f"v{row}" for row in range(size)] if split else []
    decided = replace(
        DECIDED, decision_ids=[f"d{row}" for row in range(size)], scores=[score for score, _, _ in rows],
        favourable=[favour for _, favour, _ in rows], decisions=["label"] * size, flags=marks, reasons=codes,
        review=review, versions=versions,
    )  # fmt: skip
    assert msgspec.json.encode(many_records(decided)) == msgspec.json.encode(records_of(decided))
