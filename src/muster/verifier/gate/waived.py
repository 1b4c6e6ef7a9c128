"""Waivers: asked for by one person, granted by another, not withdrawn."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from muster.verifier.gate.facts import Fact, moment, person_of
from muster.verifier.gate.people.lineage import makers


def waived(finding: str, control: Any, policy: Any, known: dict[str, list[Fact]], now: datetime) -> bool:
    """Tell whether a waiver of a control counts: asked for by one person, granted by another, neither an author."""
    if finding == "unknown" or not control["waivable"]:
        return False
    for offer in known.get("waiver.granted", []):
        people = {offer.person, person_of(offer.body["requested_by"])} - {""}
        fit = len(people) == 2 and not people & makers(policy, known) and now < moment(offer.body["expires_at"])
        if offer.body["control"] == control["id"] and fit and granted(offer, known):
            return True
    return False


def granted(offer: Fact, known: dict[str, list[Fact]]) -> bool:
    """Tell whether a waiver was not withdrawn, and is what was asked for, where it says which request it grants."""
    if any(end.body["waiver"] == offer.digest for end in known.get("waiver.withdrawn", [])):
        return False
    asked = {k.digest: k for k in known.get("waiver.requested", [])}.get(offer.body.get("request", ""))
    if asked is None:
        return "request" not in offer.body
    same = all(asked.body[name] == offer.body[name] for name in ("control", "reason", "compensating_control"))
    in_time = moment(offer.body["expires_at"]) <= moment(asked.body["expires_at"])
    return same and in_time and asked.person == person_of(offer.body["requested_by"])
