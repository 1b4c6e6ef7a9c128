"""Decisions as records, one a row, as those protocols answer that know no tensors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from muster.gateway.decided import Decided


def records_of(decided: Decided) -> list[dict[str, Any]]:
    """Return what became of each row; ``reasons`` and ``review`` only of what was not decided favourably."""
    records: list[dict[str, Any]] = [
        {"decision_id": each, "score": score, "decision": decision, "favourable": favourable, "flags": flags}
        for each, score, decision, favourable, flags in zip(
            decided.decision_ids, decided.scores, decided.decisions, decided.favourable, decided.flags, strict=True
        )
    ]
    for record, version in zip(records, decided.versions, strict=False):
        record["model_version"] = version
    if all(decided.favourable):
        return records
    words = decided.words
    for row, record in enumerate(records):
        if not record["favourable"]:
            record["reasons"] = [{"code": code, "words": words.get(code, "")} for code in decided.reasons[row]]
            if decided.review:
                record["review"] = decided.review_of(row)
    return records


class Record(msgspec.Struct, gc=False):
    """One of :func:`records_of` as it is written many at a time; what is unset is left out."""

    decision_id: str
    score: float
    decision: str
    favourable: bool | None
    flags: Sequence[str]
    model_version: str | UnsetType = UNSET
    reasons: Sequence[Any] | UnsetType = UNSET
    review: str | UnsetType = UNSET
    guards: str | UnsetType = UNSET
    logged: bool | UnsetType = UNSET


def many_records(decided: Decided) -> list[Record]:
    """Return the same as :func:`records_of` for a third of what dictionaries of many rows cost."""
    favourable = decided.favourable
    columns = decided.decision_ids, decided.scores, decided.decisions, favourable, decided.flags
    records = list(map(Record, *columns))
    for record, version in zip(records, decided.versions, strict=False):
        record.model_version = version
    if all(favourable):
        return records
    words = decided.words
    for row, (record, codes) in enumerate(zip(records, decided.reasons, strict=False)):
        if not record.favourable:
            record.reasons = [{"code": code, "words": words.get(code, "")} for code in codes] if codes else ()
            if decided.review:
                record.review = decided.review_of(row)
    return records


def about(decided: Decided) -> dict[str, Any]:
    """Return what holds for all rows of a request; ``logged`` only where it was not."""
    told: dict[str, Any] = {
        "deployment": decided.deployment,
        "model_version": decided.version,
        "request_id": decided.request_id,
        "guards": decided.guards,
    }
    return told if decided.logged else told | {"logged": False}
