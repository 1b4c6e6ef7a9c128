"""Sign-offs: who has signed, for which role, and whether that is enough; one person, one seat; no author their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from muster.records.decision import Finding, Reason
from muster.records.policy import Control, Library, Policy
from muster.rules.gate.applicability import spared
from muster.rules.gate.facts import Facts, record_digest
from muster.rules.gate.measured import WINDOW
from muster.rules.gate.memo import once


def sign_offs(policy: Policy, library: Library, facts: Facts, now: datetime | None = None) -> Iterator[Reason]:
    """Give a reason for each role whose sign-off the policy asks for.

    Parameters
    ----------
    now
        Approvers need not have seen what is not in force then; where none is given, everything is.
    """
    valid, passed_over = _count(policy, library, facts, now)
    demanded = Counter[str]()
    for wanted in policy.sign_offs:
        demanded[wanted.role.value] += wanted.count
    seats = list(demanded.elements())
    taken = assign(seats, valid)
    for role, count in demanded.items():
        people = sorted(person for seat, person in taken.items() if seats[seat] == role)
        statement = (
            f"{count} {role} signed, who is not an author."
            if policy.separation_of_duties
            else f"{count} {role} signed."
        )
        if len(people) >= count:
            digests = tuple(sorted(valid[person][role] for person in people))
            yield Reason(f"sign-off:{role}", Finding.MET, statement, f"signed by {', '.join(people)}", digests)
            continue
        notes = "; ".join(passed_over) and f" ({'; '.join(passed_over)})"
        why = f"{count - len(people)} sign-off of a {role} is missing{notes}"
        yield Reason(f"sign-off:{role}", Finding.MISSING, statement, why)


def objections(policy: Policy, library: Library, facts: Facts, now: datetime | None = None) -> tuple[str, ...]:
    """Return why approvals among the facts do not count; empty when all of them do."""
    return tuple(_count(policy, library, facts, now)[1])


def _count(
    policy: Policy, library: Library, facts: Facts, now: datetime | None
) -> tuple[dict[str, dict[str, str]], list[str]]:
    """Return entry digests by person and role of the approvals that count, and why others do not."""
    authors = facts.authors
    checks = {fact.digest: fact.record.check for fact in facts.evidence}
    demanded = _demanded(policy, library, facts, now)
    valid: dict[str, dict[str, str]] = {}
    passed_over = list(facts.rejected)
    for fact in sorted(facts.approvals, key=lambda fact: (fact.at, fact.digest)):
        approval = fact.record
        if policy.separation_of_duties and approval.approver in authors:
            passed_over.append(f"{approval.approver} is an author of this version and may not sign it off")
        elif approval.policy != record_digest(policy):
            passed_over.append(f"{approval.approver} signed under another version of the policy")
        elif approval.library != record_digest(library):
            passed_over.append(f"{approval.approver} signed under another version of the library of controls")
        elif not checks.keys() >= set(approval.evidence):
            passed_over.append(f"{approval.approver} signed evidence that is not here")
        elif unseen := sorted(demanded - {checks[seen] for seen in approval.evidence}):
            passed_over.append(f"{approval.approver} signed without having seen a measurement of {', '.join(unseen)}")
        else:
            valid.setdefault(approval.approver, {})[approval.role] = fact.digest
    return valid, sorted(set(passed_over))


def _demanded(policy: Policy, library: Library, facts: Facts, now: datetime | None) -> set[str]:
    """Return the checks of which an approver must have seen a measurement: all that are asked for before release.

    A control that was waived, or is not for the use case, may have been measured by nobody.
    """
    excused = {fact.record.control for fact in facts.waivers}
    asked = (control for control in _before_release(policy, library) if not spared(control, facts, now))
    return {control.check for control in asked if control.id not in excused}


@once
def _before_release(policy: Policy, library: Library) -> tuple[Control, ...]:
    """Return the controls that a policy asks for before release, of those that its library has."""
    found = (library.control(r.control) for r in policy.requirements if r.sample_role != WINDOW)
    return tuple(control for control in found if control is not None)


def assign(seats: list[str], people: dict[str, dict[str, str]]) -> dict[int, str]:
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
