"""Serving terms: what of them makes no sense, field by field; guards would refuse to open with it, but only then."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from math import isfinite

from muster.records.governance.serving import Abstain, BusinessRule, Holds, LogTerms, Rate, ServingTerms
from muster.records.policy import Policy

DECISION_ID = "{decision_id}"
"""Stands for a decision's id in the address of a review."""

LONGEST_WAIT = 30.0
"""Seconds; whoever asks has gone by then."""

Fault = tuple[str, str]


def serving_faults(policy: Policy) -> Iterator[Fault]:
    """Yield the path of each serving term that makes no sense, and what is wrong with it."""
    terms = policy.serving
    if terms is None:
        return
    if policy.answers is not None:
        yield "serving", "is for models of tables, and answers for language models: a policy has one of them"
    yield from ((f"serving.{path}", what) for path, what in _faults(terms))


def _faults(terms: ServingTerms) -> Iterator[Fault]:
    if terms.largest_rows is not None and terms.largest_rows < 1:
        yield "largest_rows", f"is {terms.largest_rows}: it must be 1 or more"
    if terms.rate is not None:
        yield from _rate(terms.rate)
    for place, rule in enumerate(terms.rules):
        yield from ((f"rules[{place}]{path}", what) for path, what in _rule(rule))
    for name, count in Counter(rule.id for rule in terms.rules).items():
        if count > 1:
            yield "rules", f"the id {name!r} stands {count} times: reason codes and marks must tell rules apart"
    if terms.abstain is not None:
        yield from _abstain(terms.abstain)
    if terms.log is not None:
        yield from _log(terms.log)
    if terms.review and (DECISION_ID not in terms.review or not terms.review.startswith("https://")):
        yield "review", f"must be an address that begins with https:// and holds {DECISION_ID}"


def _rate(rate: Rate) -> Iterator[Fault]:
    if not (isfinite(rate.rows_per_second) and rate.rows_per_second > 0):
        yield "rate.rows_per_second", f"is {rate.rows_per_second:g}: it must be more than 0"
    if rate.burst < 1:
        yield "rate.burst", f"is {rate.burst}: it must be 1 or more"


def _rule(rule: BusinessRule) -> Iterator[Fault]:
    for field in ("id", "words"):
        if not getattr(rule, field).strip():
            yield f".{field}", "may not be empty"
    if not rule.when:
        yield ".when", "compares nothing: it would be about every row"
    for place, condition in enumerate(rule.when):
        if (condition.value is None) != (condition.holds is Holds.MISSING):
            yield f".when[{place}].value", "must be there, but with `missing`"
        elif isinstance(condition.value, str) and condition.holds not in (Holds.EQUALS, Holds.DIFFERS):
            yield f".when[{place}].holds", "a category equals, differs or is missing; it is neither above nor below"


def _abstain(abstain: Abstain) -> Iterator[Fault]:
    if not 0 <= abstain.band < 1 or (not abstain.band and not abstain.marks):
        yield "abstain.band", f"is {abstain.band:g}: it must be from 0 to 1, and more than 0 where no mark is named"
    if unknown := sorted({*abstain.marks} - {"outside-range", "unknown-category"}):
        yield "abstain.marks", f"{unknown[0]!r} is neither outside-range nor unknown-category"


def _log(log: LogTerms) -> Iterator[Fault]:
    if not 0 <= log.wait_seconds <= LONGEST_WAIT:
        yield "log.wait_seconds", f"is {log.wait_seconds:g}: it must be 0 to {LONGEST_WAIT:g}"
    if not 0 <= log.share <= 1:
        yield "log.share", f"is {log.share:g}: it must be 0 to 1"
