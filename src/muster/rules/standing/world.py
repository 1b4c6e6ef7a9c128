"""World: which policy and library were in force for a use case, at any moment; what was worked out is kept."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime

from muster.records.policy import Library, Policy
from muster.rules.backtest.inventory import Known
from muster.rules.backtest.trial import Terms, terms_of
from muster.rules.gate.applicability import applies
from muster.rules.gate.decide import record_digest
from muster.rules.gate.facts import age_key


class World:
    """All policies and libraries that were adopted.

    Parameters
    ----------
    policies, libraries
        With the moments of their adoption, in that order.
    """

    def __init__(
        self, policies: Sequence[tuple[datetime, Policy]], libraries: Sequence[tuple[datetime, Library]]
    ) -> None:
        self._policies = tuple(policies)
        self._libraries = tuple(libraries)
        self._policies_at = [at for at, _ in policies]
        self._libraries_at = [at for at, _ in libraries]
        self._ready: dict[tuple[int, int], Terms] = {}
        self._chosen: dict[tuple[str, str, int, int], Terms | str] = {}

    @property
    def moments(self) -> tuple[datetime, ...]:
        """When a policy or a library was adopted."""
        return (*self._policies_at, *self._libraries_at)

    def terms(self, known: Known, moment: datetime) -> Terms | str:
        """Return the one policy in force for a version at a moment, with its library; or why there is none."""
        newest = max(known.facts.use_cases, key=age_key, default=None)
        if newest is None:
            return f"use case {known.question.use_case!r} is not registered"
        epoch = bisect_right(self._policies_at, moment), bisect_right(self._libraries_at, moment)
        key = newest.digest, known.question.environment, *epoch
        if key not in self._chosen:
            held = {policy.id: policy for _, policy in self._policies[: epoch[0]]}.values()
            here = (each for each in held if each.environment == known.question.environment)
            self._chosen[key] = self._one([each for each in here if applies(each, newest.record)[0]], epoch[1])
        return self._chosen[key]

    def named(self, policy: str, library: str) -> Terms | None:
        """Return the policy and library of these digests; None where one of them was never adopted here."""
        found = next((each for _, each in self._policies if record_digest(each) == policy), None)
        there = next((each for _, each in self._libraries if record_digest(each) == library), None)
        return None if found is None or there is None else self._made_ready(found, there)

    def _one(self, covering: Sequence[Policy], libraries: int) -> Terms | str:
        if not covering:
            return "no adopted policy covers it. See `muster policy list`"
        if len(covering) > 1:
            names = ", ".join(policy.id for policy in covering)
            return f"{len(covering)} policies cover it ({names}); exactly one must. See `muster policy list`"
        (policy,) = covering
        found = [library for _, library in self._libraries[:libraries] if library.name == policy.library]
        missing = f"policy {policy.id!r} needs library {policy.library!r}: adopt it first (muster library adopt)"
        return self._made_ready(policy, found[-1]) if found else missing

    def _made_ready(self, policy: Policy, library: Library) -> Terms:
        key = id(policy), id(library)
        if key not in self._ready:
            self._ready[key] = terms_of(policy, library)
        return self._ready[key]
