"""Releases that are let out before their sign-offs, in an emergency."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from muster.verifier.gate.facts import SKEW, Fact, moment
from muster.verifier.gate.people.lineage import makers
from muster.verifier.proof.canonical import canonical, digest


def excused(
    demands: Iterator[tuple[str, str]], policy: Any, library: Any, known: dict[str, list[Fact]], now: datetime
) -> Iterator[tuple[str, str]]:
    """Yield sign-offs, those that are missing as waived while somebody's word for an emergency release counts."""
    terms, made = policy.get("emergency"), makers(policy, known) if policy["separation_of_duties"] else set()
    rules = digest(canonical(policy)), digest(canonical(library))
    said = [k for k in known.get("emergency.signed", []) if (k.body["policy"], k.body["library"]) == rules]
    said = [k for k in said if terms and k.body["role"] in terms["released_by"] and k.body["approver"] not in made]
    said = [k for k in said if min(k.at, moment(k.body["signed_at"])) - now <= SKEW]
    every = known.get("emergency.signed", [])  # the time runs from the first, whether or not it counts now
    since = min((min(k.at, moment(k.body["signed_at"])) for k in every), default=None) if said else None
    lasts = since is not None and now < since + timedelta(hours=terms["sign_off_within_hours"])
    yield from ((name, "waived" if lasts and finding == "missing" else finding) for name, finding in demands)
