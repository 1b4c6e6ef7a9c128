"""Compare: a draft policy beside the policies in force, over all versions today and all releases at their time."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from muster.records.decision import Finding, Reason, Verdict
from muster.records.policy import Library, Policy
from muster.records.purpose import UseCase
from muster.rules.backtest.inventory import Inventory, Known
from muster.rules.backtest.trial import Answer, Terms, answer, sharing, terms_of
from muster.rules.gate.applicability import applies
from muster.rules.gate.facts import age_key

ORDER = tuple(verdict.value for verdict in (Verdict.REFUSE, Verdict.WAIT, Verdict.ALLOW))
"""The verdicts that need people's attention first."""


@dataclass(frozen=True, slots=True)
class Change:
    """One version (or release) about which the draft says something else, or nothing good."""

    version: str
    model: str
    use_case: str
    at: datetime
    """The moment that was judged: today, or when it was released."""
    before: str
    """Verdict of the policy that was in force at that moment."""
    after: str
    """Verdict of the draft."""
    reasons: tuple[str, ...]
    """What is open under the draft."""
    resolved: tuple[str, ...]
    """What is open under the policy in force, and not under the draft."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a draft would have said of a number of versions or releases, beside what was said."""

    judged: int
    covered: int
    """How many of them the draft is for."""
    before: dict[str, int]
    """How many have each verdict under the policy in force."""
    after: dict[str, int]
    changes: tuple[Change, ...]
    """Those with another verdict, the refused first."""
    still_open: tuple[Change, ...]
    """Those with the same verdict, which is not to allow."""
    demands: dict[str, int]
    """Demands that are open under the draft, and in how many cases."""


@dataclass(slots=True)
class _World:
    """The policies and libraries of one moment; what they say of a use case is kept."""

    policies: Sequence[Policy]
    libraries: Sequence[Library]
    environment: str
    ready: dict[int, Terms | str] = field(default_factory=dict)
    """Terms by the identity of their policy, of which worlds with and without a draft share those they both have."""
    chosen: dict[tuple[str, str], Terms | str] = field(default_factory=dict)

    def terms(self, use_case: UseCase, key: tuple[str, str]) -> Terms | str:
        """Return the one policy that covers a use case, or why there is none."""
        if key not in self.chosen:
            here = (each for each in self.policies if each.environment == self.environment)
            self.chosen[key] = self._one([policy for policy in here if applies(policy, use_case)[0]])
        return self.chosen[key]

    def _one(self, covering: Sequence[Policy]) -> Terms | str:
        if not covering:
            return "no policy covers it"
        if len(covering) > 1:
            return f"{len(covering)} policies cover it ({', '.join(each.id for each in covering)}); exactly one must"
        return self.made_ready(covering[0])

    def made_ready(self, policy: Policy) -> Terms | str:
        """Return a policy with the newest library of its name."""
        if id(policy) not in self.ready:
            found = [library for library in self.libraries if library.name == policy.library]
            missing = f"{policy.id} needs library {policy.library!r}, which was not adopted"
            others = [terms for terms in self.ready.values() if isinstance(terms, Terms)]
            self.ready[id(policy)] = sharing(terms_of(policy, found[-1]), others) if found else missing
        return self.ready[id(policy)]


def backtest(draft: Policy, stock: Inventory, now: datetime) -> tuple[Comparison, Comparison]:
    """Try a draft on everything that is here and everything that was released; nothing is changed.

    The draft takes the place of the policy of its id. Sign-offs that count under the policy in force are taken as given
    under the draft too: what is compared is what the policies ask, not that people would have to sign again. The draft
    always takes its controls from the library of today.

    Parameters
    ----------
    stock
        What :func:`muster.rules.backtest.inventory.take_stock` gathered for the draft's environment.

    Returns
    -------
    tuple[Comparison, Comparison]
        Of all versions today, and of all releases when they were signed.
    """
    newest = [library for _, library in stock.libraries]
    drafted = _World((draft,), newest, draft.environment).made_ready(draft)
    epochs: dict[tuple[int, int], tuple[_World, _World]] = {}
    adopted, gathered = [at for at, _ in stock.policies], [at for at, _ in stock.libraries]

    def worlds(policies: int, libraries: int) -> tuple[_World, _World]:
        """Return the world of so many adoptions, without and with the draft."""
        epoch = policies, libraries
        if epoch not in epochs:
            known = {policy.id: policy for _, policy in stock.policies[:policies]}
            before = _World(tuple(known.values()), newest[:libraries], draft.environment)
            before.ready[id(draft)] = drafted
            there = tuple({**known, draft.id: draft}.values())
            epochs[epoch] = before, _World(there, newest[:libraries], draft.environment, before.ready)
        return epochs[epoch]

    today = worlds(len(adopted), len(gathered))
    here = ((known, now, *today) for known in stock.versions)
    out = (
        (known.until(fact.at, fact.digest), fact.at, *worlds(_before(adopted, fact.at), _before(gathered, fact.at)))
        for fact, known in stock.releases
    )
    return _compare(draft, here), _compare(draft, out)


def _before(moments: Sequence[datetime], moment: datetime) -> int:
    return bisect_right(moments, moment)


def _terms(known: Known, world: _World) -> Terms | str:
    newest = max(known.facts.use_cases, key=age_key, default=None)
    if newest is None:
        return f"use case {known.question.use_case!r} is not registered"
    return world.terms(newest.record, (newest.record.id, newest.digest))


def _answer(terms: Terms | str, known: Known, at: datetime, signed_under: Terms | str | None, met: set[int]) -> Answer:
    if isinstance(terms, str):
        return Answer(Verdict.REFUSE, (Reason("policy", Finding.UNKNOWN, "One policy covers the use case.", terms),))
    return answer(terms, known, at, signed_under if isinstance(signed_under, Terms) else None, met)


def _change(known: Known, at: datetime, old: Answer, new: Answer) -> Change:
    still = {reason.demand for reason in new.open}
    return Change(
        known.question.version,
        known.model,
        known.question.use_case,
        at,
        old.verdict.value,
        new.verdict.value,
        tuple(f"{reason.demand} ({reason.finding.value}): {reason.explanation}" for reason in new.open),
        tuple(reason.demand for reason in old.open if reason.demand not in still),
    )


def _compare(draft: Policy, judged: Iterable[tuple[Known, datetime, _World, _World]]) -> Comparison:
    before, after, demands = Counter[str](), Counter[str](), Counter[str]()
    changes: list[Change] = []
    still: list[Change] = []
    covered = 0
    for known, at, world, other in judged:
        old_terms, new_terms = _terms(known, world), _terms(known, other)
        met: set[int] = set()
        old = _answer(old_terms, known, at, None, met)
        new = old if new_terms is old_terms else _answer(new_terms, known, at, old_terms, met)
        covered += isinstance(new_terms, Terms) and new_terms.policy is draft
        before[old.verdict.value] += 1
        after[new.verdict.value] += 1
        demands.update(reason.demand for reason in new.open)
        if old.verdict is not new.verdict:
            changes.append(_change(known, at, old, new))
        elif new.verdict is not Verdict.ALLOW:
            still.append(_change(known, at, old, new))
    changes.sort(key=lambda change: (ORDER.index(change.after), change.at, change.version))
    told = dict(before), dict(after), tuple(changes), tuple(still), dict(demands.most_common())
    return Comparison(before.total(), covered, *told)
