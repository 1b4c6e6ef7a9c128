"""Rules for answers: what a policy may say of language models, and what is wrong with what it says."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterator, Mapping

from muster.records.language.answers import AnswerRules
from muster.records.language.hosted import Budget
from muster.records.language.packages import Action, PackageRules, Verdict
from muster.records.policy import Policy

Fault = tuple[str, str]
"""Path of a field and what is wrong with it."""


def policy_answer_faults(policy: Policy) -> Iterator[Fault]:
    """Yield what is wrong with what a policy says of answers, budgets and the age of single pieces of evidence."""
    for place, requirement in enumerate(policy.requirements):
        age = requirement.maximum_age_days
        if age is not None and not (math.isfinite(age) and age > 0):
            yield f"policy.requirements[{place}].maximum_age_days", "must be more than 0"
    if policy.answers is not None:
        yield from answer_faults(policy.answers, "policy.answers")
    if policy.budget is not None:
        yield from _budget_faults(policy.budget, "policy.budget")


def answer_faults(rules: AnswerRules, path: str) -> Iterator[Fault]:
    """Yield what is wrong with rules for answers; ``path`` is where they stand."""
    if rules == AnswerRules():
        yield path, "every guard is off, and nothing is served unguarded; turn one on, or leave answers out"
    if rules.packages is not None:
        yield from package_faults(rules.packages, f"{path}.packages")


def package_faults(rules: PackageRules, path: str) -> Iterator[Fault]:
    """Yield what is wrong with rules for packages; ``path`` is where they stand."""
    yield from _action_faults(rules.actions, f"{path}.actions")
    for field in _negative(rules, ("minimum_age_days", "maximum_list_age_days", "popular")):
        yield f"{path}.{field}", "may not be negative"
    if both := sorted(set(rules.allowed) & set(rules.denied)):
        yield f"{path}.denied", f"{both[0]!r} is allowed as well; keep it in one of the two"
    for field in ("allowed", "denied", "first_party", "licences", "indexes"):
        for place, name in enumerate(getattr(rules, field)):
            if not name.strip():
                yield f"{path}.{field}[{place}]", "may not be empty"


def _action_faults(actions: Mapping[str, str], path: str) -> Iterator[Fault]:
    verdicts, known = [v.value for v in Verdict], [a.value for a in Action]
    for verdict, action in actions.items():
        if verdict not in verdicts:
            near = difflib.get_close_matches(verdict, verdicts, 1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(verdicts)}"
            yield f"{path}.{verdict}", f"no verdict is called {verdict!r}; {hint}"
        elif action not in known:
            yield f"{path}.{verdict}", f"{action!r} is none of {', '.join(known)}"


def _budget_faults(budget: Budget, path: str) -> Iterator[Fault]:
    for field in _negative(budget, ("requests_per_minute", "tokens_per_minute", "tokens_per_day", "money_per_day")):
        yield f"{path}.{field}", "may not be negative; 0 means no limit"


def _negative(record: object, fields: tuple[str, ...]) -> Iterator[str]:
    """Yield the fields whose numbers are below 0, or none."""
    return (field for field in fields if not (math.isfinite(value := getattr(record, field)) and value >= 0))
