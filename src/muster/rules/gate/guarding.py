"""Guarding: which guards a policy demands before a version, and that orders weaken none of them.

Orders are signed by a key that lives in the control plane, policies are signed for by people. So orders may say what
guards are told, and make them stricter; what the policy of the release demands stands, whoever writes orders.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from muster.records.canonical import canonical, digest
from muster.records.codec import encode
from muster.records.decision import Decision, Finding
from muster.records.governance.serving import ServingTerms
from muster.records.policy import Library, Policy
from muster.records.release import GuardOrder, GuardSet
from muster.rules.gate.measured import parameters_of

PROHIBITION = "fairness.prohibited_inputs"
"""Check whose controls name the columns that a policy prohibits."""

PROHIBITED, SCHEMA, ENVELOPE, PLAUSIBLE = "prohibited", "schema", "envelope", "plausible"
SIZE, RATE, BUSINESS, ABSTAIN, CONSISTENT = "size", "rate", "business", "abstain", "consistent"
REASONS, LOG, REVIEW = "reasons", "log", "review"
"""Not guards, but told with them: that reasons must be given, what the log may lose, where a person looks again."""

COLUMNS, UNKNOWN, OUTSIDE = "columns", "unknown_category", "outside_range"
LARGEST, RULED, LINK = "largest_rows", "business_rules", "link"

AT_MOST = frozenset({LARGEST, "rows_per_second", "burst"})
"""Parameters of which less is stricter; what is named nowhere here must be just what the policy says."""

ANSWERS, RULES = "answers", "rules"
"""The guards of what a language model answers; they are told exactly what the policy says."""

STRICTER = {UNKNOWN: ("unknown", "refuse"), OUTSIDE: ("flag", "refuse")}
"""Words of each parameter, the laxest first."""


def standing_guards(policy: Policy) -> tuple[str, ...]:
    """Return the names of the guards that stand before a version under this policy."""
    if policy.answers is not None:
        return (ANSWERS,)
    return tuple(guard.name for guard in _tabular(policy, ()))


def demanded(policy: Policy, library: Library, decision: Decision) -> tuple[GuardOrder, ...]:
    """Return the guards that a policy demands, in the order in which they judge, with what they are told.

    Columns of a control that was waived, or is not for the use case, are not prohibited.
    """
    if policy.answers is not None:
        return (GuardOrder(ANSWERS, {RULES: encode(policy.answers)}),)
    return _tabular(policy, sorted(_prohibited(policy, library, decision)))


def _tabular(policy: Policy, prohibited: Sequence[str]) -> tuple[GuardOrder, ...]:
    """Return the guards of a model of tables, in the order in which they judge."""
    terms = policy.serving or ServingTerms()
    found: list[GuardOrder] = []
    if terms.largest_rows is not None:
        found.append(GuardOrder(SIZE, {LARGEST: terms.largest_rows}))
    if terms.rate is not None:
        found.append(GuardOrder(RATE, encode(terms.rate)))
    found += [
        GuardOrder(PROHIBITED, {COLUMNS: list(prohibited)}),
        GuardOrder(SCHEMA, {UNKNOWN: policy.unknown_category}),
        GuardOrder(ENVELOPE, {OUTSIDE: policy.outside_range}),
    ]
    if terms.rules:
        found.append(GuardOrder(BUSINESS, {RULED: encode(terms.rules)}))
    found.append(GuardOrder(PLAUSIBLE))
    if terms.abstain is not None:
        found.append(GuardOrder(ABSTAIN, encode(terms.abstain)))
    found.append(GuardOrder(CONSISTENT))
    if REASONS in policy.guards:
        found.append(GuardOrder(REASONS))
    if terms.log is not None:
        found.append(GuardOrder(LOG, encode(terms.log)))
    if terms.review:
        found.append(GuardOrder(REVIEW, {LINK: terms.review}))
    return tuple(found)


def agreed(ordered: Sequence[GuardOrder], wanted: Sequence[GuardOrder]) -> tuple[GuardOrder, ...]:
    """Return the guards in force: those ordered, if they are no weaker than those wanted.

    Orders that were written before they named guards name none: then those wanted are in force.

    Raises
    ------
    PermissionError
        If orders leave out a guard, change their order, name one that is not known, or tell one less than the policy.
    """
    if not ordered:
        return tuple(wanted)
    ordered = _completed(ordered, wanted)
    said, asked = [guard.name for guard in ordered], [guard.name for guard in wanted]
    if said != asked:
        msg = f"the orders put the guards {', '.join(said)} before it, its policy demands {', '.join(asked)}"
        raise PermissionError(msg)
    for guard, least in zip(ordered, wanted, strict=True):
        if problem := _weaker(guard, least):
            msg = f"the orders weaken the guard {guard.name}: {problem}"
            raise PermissionError(msg)
    return tuple(ordered)


def _completed(ordered: Sequence[GuardOrder], wanted: Sequence[GuardOrder]) -> Sequence[GuardOrder]:
    """Put in the guard that orders of before it was known cannot name: it is told nothing, and only ever refuses."""
    if any(guard.name == CONSISTENT for guard in ordered):
        return ordered
    place = next((place for place, guard in enumerate(wanted) if guard.name == CONSISTENT), None)
    return ordered if place is None else (*ordered[:place], wanted[place], *ordered[place:])


def set_of(guards: Sequence[GuardOrder]) -> GuardSet:
    """Name guards by what they are, so that deployments of one policy share them and orders stay small."""
    return GuardSet(digest(canonical(encode(tuple(guards)))).removeprefix("sha256:")[:12], tuple(guards))


def _weaker(guard: GuardOrder, least: GuardOrder) -> str:
    """Return in what a guard is told less than the least, or something that nobody understands; empty if in nothing."""
    if unknown := sorted(guard.parameters.keys() ^ least.parameters.keys()):
        return f"parameter {unknown[0]!r} is on one side only"
    problems = (_less(name, guard.parameters[name], wanted) for name, wanted in least.parameters.items())
    return next(filter(None, problems), "")


def _less(name: str, given: Any, wanted: Any) -> str:
    """Return in what one parameter says less than wanted; empty if in nothing."""
    if name == RULES:
        return "" if given == wanted else "the rules for answers are not the policy's"
    if name == COLUMNS:
        missing = _missing(given, wanted)
        return f"column {missing!r} is prohibited by the policy and missing there" if missing else ""
    if name in AT_MOST:
        return _more(name, given, wanted)
    if name not in STRICTER:
        return "" if given == wanted else f"{name} is not what the policy says"
    words = STRICTER[name]
    if given not in words:
        return f"{name} is {given!r}, which is none of {', '.join(words)}"
    return f"{name} is {given!r}, the policy says {wanted!r}" if words.index(given) < words.index(wanted) else ""


def _more(name: str, given: Any, wanted: float) -> str:
    fits = isinstance(given, int | float) and not isinstance(given, bool) and 0 < given <= wanted
    return "" if fits else f"{name} is {given!r}, the policy says {wanted!r} at most"


def _missing(given: Any, wanted: Sequence[str]) -> str:
    if not isinstance(given, list | tuple) or not all(isinstance(name, str) for name in given):
        return "that it lists"
    return min(set(wanted) - set(given), default="")


def _prohibited(policy: Policy, library: Library, decision: Decision) -> set[str]:
    left = {Finding.WAIVED, Finding.NOT_APPLICABLE}
    excused = {reason.demand for reason in decision.reasons if reason.finding in left}
    columns: set[str] = set()
    for requirement in policy.requirements:
        control = library.control(requirement.control)
        if control and control.check == PROHIBITION and control.id not in excused:
            columns.update(parameters_of(control, requirement).get("columns", ()))
    return columns
