"""Seats that must be taken: one person, one seat, and whoever signs for another is one party with them."""

from __future__ import annotations

from muster.verifier.gate.facts import Fact
from muster.verifier.gate.people.counting import principal


def same_seat(one: Fact, other: Fact) -> bool:
    """Tell whether two statements are by one person in one role."""
    return all(one.body[name] == other.body[name] for name in ("approver", "role"))


def by_party(valid: list[Fact], known: dict[str, list[Fact]]) -> dict[str, set[str]]:
    """Return the roles of each party: who signs in the place of another is one party with them."""
    parties: dict[str, str] = {}

    def find(person: str) -> str:
        while parties.setdefault(person, person) != person:
            person = parties[person]
        return person

    for said in valid:
        parties[find(said.body["approver"])] = find(principal(said, known))
    found: dict[str, set[str]] = {}
    for said in valid:
        found.setdefault(find(said.body["approver"]), set()).add(said.body["role"])
    return found


def assign(seats: list[str], people: dict[str, set[str]]) -> dict[int, str]:
    """Seat each person once at most, filling as many seats as can be."""
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
