"""Dates: from when and until when a control is asked for; a law binds from its day on, and not before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from muster.records.decision import Finding, Reason
from muster.records.policy import Control, Library, Policy
from muster.rules.gate.memo import once


def untimely(control: Control, now: datetime) -> str:
    """Say why a control is not asked for on the day of ``now`` (UTC); empty where it is."""
    if not (control.in_force_from or control.in_force_until):
        return ""  # most: a gate asks this of thousands
    return untimely_on(control, f"{now:%Y-%m-%d}")


def untimely_on(control: Control, today: str) -> str:
    """Say why a control is not asked for on a day (YYYY-MM-DD); empty where it is."""
    if today < control.in_force_from:
        return f"{control.id} is in force from {day(control.in_force_from)}"
    if control.in_force_until and control.in_force_until <= today:
        return f"{control.id} was in force until {day(control.in_force_until)}"
    return ""


def day(text: str) -> str:
    """Write a date for reading: ``2 Dec 2027``; what is none stays as it is."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return text
    return f"{found.day} {found:%b %Y}"


def outlived(policy: Policy, library: Library, now: datetime) -> Iterator[Reason]:
    """Give a reason where dates would let a policy demand less than it seems.

    A control that ended leaves a hole, unless the policy demands the one that came in its place; and a policy of whose
    controls none is in force demands nothing.
    """
    if not (dated := _dated(policy, library)):
        return
    for control, successors in dated:
        ended = control.in_force_until and control.in_force_until <= f"{now:%Y-%m-%d}"
        if ended and successors:
            why = (
                f"{untimely(control, now)}, and {', '.join(successors)} came in its place: {policy.id} must demand that"
            )
            yield Reason(control.id, Finding.UNKNOWN, control.statement, why)
    asked = [each for requirement in policy.requirements if (each := library.control(requirement.control)) is not None]
    if asked and all(untimely(each, now) for each in asked):
        why = f"none of the controls that {policy.id} demands is in force: a policy that demands nothing allows nothing"
        yield Reason("requirements", Finding.UNKNOWN, "The policy demands something.", why)


@once
def _dated(policy: Policy, library: Library) -> tuple[tuple[Control, tuple[str, ...]], ...]:
    """Return the demanded controls that have dates, each with its successors that the policy does not demand."""
    demanded = {each.control for each in policy.requirements} | {each.control for each in policy.monitors}
    found = [control for control in library.controls if control.id in demanded]
    return tuple(
        (
            control,
            tuple(each.id for each in library.controls if control.id in each.supersedes and each.id not in demanded),
        )
        for control in found
        if control.in_force_from or control.in_force_until
    )
