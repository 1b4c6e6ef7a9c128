"""Policies and control libraries: YAML that a risk analyst writes, read into records."""

from __future__ import annotations

import difflib
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from muster.adapters.yamlfiles.document import Document, read_document
from muster.adapters.yamlfiles.inheritance import Find, Resolved, resolve
from muster.records.policy import Comparison, Control, Library, Meets, Policy
from muster.rules.coverage.sound import library_faults
from muster.rules.gate.facts import record_digest
from muster.rules.gate.measured import WINDOW
from muster.rules.gate.sense import of_terms
from muster.rules.gate.serving import serving_faults
from muster.rules.language.answers import policy_answer_faults

Fault = tuple[str, str]
"""Path of a field and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """A policy as it was read, and where each of its fields stands."""

    policy: Policy
    document: Document


def read_policy(text: str, name: str, library: Library | None = None, find: Find | None = None) -> Policy:
    """Read a policy.

    Parameters
    ----------
    text
        The YAML text.
    name
        File name, for errors.
    library
        Where given, every control that the policy names must be in it.
    find
        How the policies are found that it extends.

    Raises
    ------
    ValueError
        With file, line, field, what is wrong and how to mend it. A broken file is never a failed control.
    """
    return read_policy_file(text, name, library, find).policy


def read_policy_file(text: str, name: str, library: Library | None = None, find: Find | None = None) -> PolicyFile:
    """Read a policy, as :func:`read_policy` does; say also where each field stands."""
    whole = _whole(text, name, find)
    for path, what in _all_faults(whole.policy, library):
        raise whole.document.fault(path, what)
    return whole


def lint(text: str, name: str, library: Library | None = None, find: Find | None = None) -> tuple[str, ...]:
    """Return everything that is wrong with a policy file, each with file, line, field and how to mend it."""
    try:
        whole = _whole(text, name, find)
    except ValueError as fault:
        return (str(fault),)
    return tuple(str(whole.document.fault(path, what)) for path, what in _all_faults(whole.policy, library))


def _whole(text: str, name: str, find: Find | None) -> PolicyFile:
    read = read_document(text, name, "policy")
    if isinstance(read.value, dict) and "parents" in read.value:
        path = "policy.parents"
        raise read.fault(path, "it is worked out from extends; remove it")
    resolved = resolve(read, find)
    return PolicyFile(_decoded(resolved), resolved.document)


def _decoded(resolved: Resolved) -> Policy:
    """Build the record, which names the records of the files that it extends, by digest."""
    parents = tuple(record_digest(_decoded(parent)) for parent in resolved.parents)
    return replace(resolved.document.decode(Policy), parents=parents)


def _all_faults(policy: Policy, library: Library | None) -> Iterator[Fault]:
    yield from _policy_faults(policy)
    if library is not None:
        yield from _library_faults(policy, library)


def read_library(text: str, name: str) -> Library:
    """Read a control library; raise ValueError with file, line, field, what is wrong and how to mend it."""
    document = read_document(text, name, "library")
    library = document.decode(Library)
    _refuse(document, _control_faults(library))
    return library


def _refuse(document: Document, faults: Iterator[Fault]) -> None:
    for path, what in faults:
        raise document.fault(path, what)


CHOICES = {
    "unknown_category": ("refuse", "unknown"),
    "outside_range": ("flag", "refuse"),
    "originals": ("allow", "refuse"),
}
"""What fields of policies that take one of some words may say."""


def _policy_faults(policy: Policy) -> Iterator[Fault]:
    if not policy.requirements:
        yield (
            "policy.requirements",
            "it demands no control, and a policy that demands nothing allows nothing; name a control",
        )
    for field in ("id", "environment", "statement", "library"):
        if not getattr(policy, field).strip():
            yield f"policy.{field}", "may not be empty"
    for field in ("maximum_evidence_age_days", "release_life_days", "orders_life_hours"):
        if getattr(policy, field) <= 0:
            yield f"policy.{field}", "must be more than 0"
    for field, choices in CHOICES.items():
        if (chosen := getattr(policy, field)) not in choices:
            yield f"policy.{field}", f"{chosen!r} is neither {' nor '.join(choices)}"
    yield from policy_answer_faults(policy)
    yield from ((f"policy.{path}", what) for path, what in serving_faults(policy))
    yield from _term_faults(policy)
    pairs = [(requirement.control, requirement.sample_role) for requirement in policy.requirements]
    yield from _repeats([f"{control} on {role} samples" for control, role in pairs], "policy.requirements", "")
    yield from _sign_off_faults(policy)


def _sign_off_faults(policy: Policy) -> Iterator[Fault]:
    for place, sign_off in enumerate(policy.sign_offs):
        if sign_off.count < 1:
            yield f"policy.sign_offs[{place}].count", "at least one person must sign; remove the sign-off if none shall"
    roles = [sign_off.role.value for sign_off in policy.sign_offs]
    yield from _repeats([f"the sign-off of role {role}" for role in roles], "policy.sign_offs", "")


def _term_faults(policy: Policy) -> Iterator[Fault]:
    """Yield what makes no sense of guards, monitors and lapses, each beside its field."""
    yield from ((f"policy.{field}", why) for field, why in of_terms(policy))
    names = [f"the monitor of {monitor.control}" for monitor in policy.monitors]
    yield from _repeats(names, "policy.monitors", "")
    windows = {requirement.control for requirement in policy.requirements if requirement.sample_role == WINDOW}
    for place, monitor in enumerate(policy.monitors):
        if monitor.control in windows:
            yield f"policy.monitors[{place}].control", f"{monitor.control} is asked of windows by a requirement, too"


def _library_faults(policy: Policy, library: Library) -> Iterator[Fault]:
    if policy.library != library.name:
        yield (
            "policy.library",
            f"the controls are to come from {policy.library!r}, but the library at hand is {library.name!r}",
        )
    known = [control.id for control in library.controls]
    answered = {each.id: each.answered_by.value for each in library.objectives}
    asked = [(f"policy.requirements[{place}]", each.control) for place, each in enumerate(policy.requirements)]
    asked += [(f"policy.monitors[{place}]", each.control) for place, each in enumerate(policy.monitors)]
    for path, control in asked:
        if control not in known:
            near = difflib.get_close_matches(control, known, 1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
            if control in answered:
                hint = f"it is an objective, answered by {answered[control]}: a policy demands controls only"
            yield f"{path}.control", f"library {library.name} has no control {control!r}; {hint}"


def _control_faults(library: Library) -> Iterator[Fault]:
    if not library.name.strip():
        yield "library.name", "may not be empty"
    if not library.controls:
        yield "library", "it has no controls"
    yield from _repeats([f"control {control.id}" for control in library.controls], "library.controls", ".id")
    yield from _repeats([f"clause {clause.id}" for clause in library.clauses], "library.clauses", ".id")
    for name in ("regimes", "objectives"):
        yield from _repeats([f"{name[:-1]} {each.id}" for each in getattr(library, name)], f"library.{name}", ".id")
    yield from library_faults(library)
    clauses = sorted(clause.id for clause in library.clauses)
    for place, control in enumerate(library.controls):
        path = f"library.controls[{place}]"
        yield from ((f"{path}.limit", problem) for problem in _limit_faults(control))
        empty = (field for field in ("id", "statement", "check") if not getattr(control, field).strip())
        yield from ((f"{path}.{field}", "may not be empty") for field in empty)
        yield from _clause_faults(control, clauses, path)


def _clause_faults(control: Control, clauses: list[str], path: str) -> Iterator[Fault]:
    for place, clause in enumerate(control.clauses):
        if clause not in clauses:
            near = difflib.get_close_matches(clause, clauses, 1)
            hint = f"did you mean {near[0]}?" if near else "add it under clauses, with its source and status"
            yield f"{path}.clauses[{place}]", f"the library does not describe clause {clause!r}; {hint}"


def _limit_faults(control: Control) -> Iterator[str]:
    limit = control.limit
    if not limit.figure.strip():
        yield "it names no figure"
    if not math.isfinite(limit.value):
        yield f"{limit.value} is no number to hold a figure against"
    if limit.minimum_n < 0:
        yield "minimum_n may not be negative"
    if limit.comparison is Comparison.EQUALS and limit.meets is Meets.INTERVAL:
        yield "an interval is never equal to one value; write meets: point"


def _repeats(names: list[str], path: str, field: str) -> Iterator[Fault]:
    for name, count in Counter(names).items():
        if count > 1:
            last = len(names) - 1 - names[::-1].index(name)
            yield f"{path}[{last}]{field}", f"{name} stands {count} times; keep one"
