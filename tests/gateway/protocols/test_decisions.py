from __future__ import annotations

from dataclasses import replace

from muster.gateway.decided import Decided
from muster.gateway.protocols.decisions import about, records_of

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
