"""Sign-offs: who has signed, for which role, and whether that is enough; one person, one seat; no author their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from muster.records.decision import Finding, Reason
from muster.records.policy import Library, Policy
from muster.rules.gate.facts import Facts
from muster.rules.gate.people.counting import Signature, count


def sign_offs(policy: Policy, library: Library, facts: Facts, now: datetime) -> Iterator[Reason]:
    """Give a reason for each role whose sign-off the policy asks for, as it stands at a moment."""
    counted = count(policy, library, facts, now)
    valid = _by_party(counted.signatures)
    demanded = Counter[str]()
    for wanted in policy.sign_offs:
        demanded[wanted.role.value] += wanted.count
    seats = list(demanded.elements())
    taken = assign(seats, valid)
    for role, number in demanded.items():
        statement = (
            f"{number} {role} signed, who is not an author."
            if policy.separation_of_duties
            else f"{number} {role} signed."
        )
        if against := [fact for fact in counted.rejections if fact.record.role == role]:
            said = ", ".join(f"{fact.record.approver} on {fact.at:%Y-%m-%d}" for fact in against)
            why = f"rejected by {said}; it stands until whoever rejected withdraws that, or approves"
            digests = tuple(sorted(fact.digest for fact in against))
            yield Reason(f"sign-off:{role}", Finding.NOT_MET, statement, why, digests)
            continue
        signed = [valid[party][role] for seat, party in taken.items() if seats[seat] == role]
        if len(signed) >= number:
            words = ", ".join(sorted(each.words for each in signed))
            digests = tuple(sorted(each.fact.digest for each in signed))
            yield Reason(f"sign-off:{role}", Finding.MET, statement, f"signed by {words}", digests)
            continue
        notes = "; ".join(counted.passed_over) and f" ({'; '.join(counted.passed_over)})"
        why = f"{number - len(signed)} sign-off of a {role} is missing{notes}"
        yield Reason(f"sign-off:{role}", Finding.MISSING, statement, why)


def objections(policy: Policy, library: Library, facts: Facts, now: datetime) -> tuple[str, ...]:
    """Return why approvals among the facts do not count; empty when all of them do."""
    return count(policy, library, facts, now).passed_over


def _by_party(signatures: Iterable[Signature]) -> dict[str, dict[str, Signature]]:
    """Return signatures by party and role: who signs for another is one party with them, and has one seat."""
    parties: dict[str, str] = {}

    def find(person: str) -> str:
        while parties.setdefault(person, person) != person:
            person = parties[person]
        return person

    held = list(signatures)
    for each in held:
        parties[find(each.fact.record.approver)] = find(each.principal)
    found: dict[str, dict[str, Signature]] = {}
    for each in held:
        found.setdefault(find(each.principal), {})[each.fact.record.role] = each
    return found


def assign(seats: list[str], people: Mapping[str, Mapping[str, Any]]) -> dict[int, str]:
    """Seat each person once at most, filling as many seats as can be (maximum bipartite matching, augmenting paths)."""
    taken: dict[int, str] = {}

    def place(person: str, tried: set[int]) -> bool:
        for seat, role in enumerate(seats):
            if role in people[person] and seat not in tried:
                tried.add(seat)
                if seat not in taken or place(taken[seat], tried):
                    taken[seat] = person
                    return True
        return False

    for person in sorted(people):
        place(person, set())
    return taken
