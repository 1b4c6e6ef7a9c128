"""Sign-offs, for each role that must sign."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from muster.verifier.gate.facts import Fact, age
from muster.verifier.gate.people.counting import counts, principal, withdrawn
from muster.verifier.gate.people.seats import assign, by_party, same_seat


def sign_offs(policy: Any, library: Any, known: dict[str, list[Fact]], now: datetime) -> Iterator[tuple[str, str]]:
    """Yield, for each role that must sign, whether enough people of it did: one person, one seat; no author."""
    back = set(withdrawn(known))
    against = [k for k in known.get("approval.rejected", []) if k.digest not in back]
    given = [k for k in known.get("approval.signed", []) if k.digest not in back]
    valid = [k for k in sorted(given, key=age) if counts(k, policy, library, known, now)]
    valid = [k for k in valid if not any(same_seat(k, no) and age(k) < age(no) for no in against)]
    standing_ = {no.body["role"] for no in against if not any(same_seat(k, no) and age(k) > age(no) for k in valid)}
    own = {(k.body["approver"], k.body["role"]) for k in valid if not k.body.get("delegation")}
    valid = [k for k in valid if not k.body.get("delegation") or (principal(k, known), k.body["role"]) not in own]
    wanted: dict[str, int] = {}
    for each in policy["sign_offs"]:
        wanted[each["role"]] = wanted.get(each["role"], 0) + each["count"]
    seats = [role for role, count in wanted.items() for _ in range(count)]
    taken = assign(seats, by_party(valid, known))
    for role, count in wanted.items():
        met = sum(seats[seat] == role for seat in taken) >= count
        yield f"sign-off:{role}", "not-met" if role in standing_ else "met" if met else "missing"
