"""Asking the gate: collect what the ledger knows about a question, and decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.roots import current_root
from muster.records.data import DatasetVersion
from muster.records.decision import SETTLED, Decision, Question
from muster.records.entry import Recorded
from muster.records.model import ModelVersion
from muster.records.policy import Library, Policy
from muster.records.purpose import UseCase
from muster.rules.gate.applicability import applies
from muster.rules.gate.decide import decide, record_digest
from muster.rules.gate.facts import Facts, gather
from muster.rules.gate.people.separation import along

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Asked:
    """A decision, with everything that it was made from."""

    decision: Decision
    facts: Facts
    policy: Policy
    library: Library
    entries: tuple[Recorded, ...]
    """The ledger entries that were read, among them those of policy and library."""


def find_version(context: Context, version: str) -> ModelVersion:
    """Return a model version by its digest or an unambiguous beginning of it; raise LookupError.

    It is that of the use case for which it was registered first, whatever was written afterwards.
    """
    known: dict[str, ModelVersion] = {}
    for _, record in context.history(ModelVersion):
        if known.setdefault(record.digest, record).use_case == record.use_case:
            known[record.digest] = record
    return one_of(known, version, "model version", "muster model list")


def find_dataset(context: Context, dataset: str) -> DatasetVersion:
    """Return a dataset version by its digest or an unambiguous beginning of it; raise LookupError."""
    known = {record.digest: record for _, record in context.history(DatasetVersion)}
    return one_of(known, dataset, "dataset version", "muster dataset list")


def one_of(known: Mapping[str, T], given: str, noun: str, where: str) -> T:
    """Return the record whose digest begins as given; raise LookupError if there is none, or more than one."""
    wanted = given.removeprefix("sha256:")
    found = [record for digest, record in known.items() if digest.removeprefix("sha256:").startswith(wanted)]
    if len(found) == 1 and wanted:
        return found[0]
    what = f"could mean {len(found)} of those here: give more digits" if found else "is not known here"
    msg = f"{noun} {given!r} {what}; `{where}` shows them"
    raise LookupError(msg)


def policy_for(context: Context, use_case: UseCase, environment: str) -> tuple[Policy, Recorded]:
    """Return the one policy in force for a use case in an environment, and its entry.

    Raises
    ------
    LookupError
        If none covers it, or more than one: then nothing may be decided.
    """
    newest = {policy.id: (policy, recorded) for recorded, policy in context.history(Policy)}
    covering = [
        (policy, recorded)
        for policy, recorded in newest.values()
        if policy.environment == environment and applies(policy, use_case)[0]
    ]
    if len(covering) == 1:
        return covering[0]
    names = ", ".join(policy.id for policy, _ in covering)
    what = (
        f"{len(covering)} policies cover it ({names}); exactly one must" if covering else "no adopted policy covers it"
    )
    msg = f"use case {use_case.id!r} in {environment!r}: {what}. See `muster policy list`"
    raise LookupError(msg)


def library_of(context: Context, policy: Policy) -> tuple[Library, Recorded]:
    """Return the newest version of the library that a policy takes its controls from, and its entry."""
    found = [(library, recorded) for recorded, library in context.history(Library, f"library:{policy.library}")]
    if not found:
        msg = f"policy {policy.id!r} needs library {policy.library!r}: adopt it first (muster library adopt)"
        raise LookupError(msg)
    return found[-1]


def require_heard(context: Context, policies: Iterable[Policy]) -> None:
    """Refuse what is done in local mode where a policy in force does not count it; raise PermissionError."""
    deaf = [policy.id for policy in policies if not policy.local_mode] if context.identity.local else []
    if deaf:
        msg = f"policy {deaf[0]!r} does not count what is done in local mode: ask a control plane to do it (--url)"
        raise PermissionError(msg)


def ask(context: Context, question: Question) -> Asked:
    """Ask the gate: collect what the ledger knows about the question, and decide."""
    use_case = context.latest(UseCase, f"use-case:{question.use_case}")
    policy, policy_entry = policy_for(context, use_case, question.environment)
    library, library_entry = library_of(context, policy)
    entries = (*about(context, question, policy), *signatures_of(context, policy))
    facts = gather(question, entries, current_root(context), context.house.verify)
    decision = decide(policy, library, question, facts, context.house.clock())
    return Asked(decision, facts, policy, library, (*entries, policy_entry, library_entry))


def signatures_of(context: Context, policy: Policy) -> tuple[Recorded, ...]:
    """Return the entries in which people signed a policy."""
    wanted = record_digest(policy)
    read = context.house.ledger.read(subject=policy.subject, kind="policy.signed")
    return tuple(recorded for recorded in read if recorded.entry.body["policy"] == wanted)


def refusal(decision: Decision) -> str:
    """Say why a decision does not allow, demand by demand."""
    open_demands = [r for r in decision.reasons if r.finding not in SETTLED]
    told = "\n".join(f"  {reason.demand} ({reason.finding.value}): {reason.explanation}" for reason in open_demands)
    return f"the gate says {decision.verdict.value}; not met:\n{told}"


def about(context: Context, question: Question, policy: Policy) -> Iterable[Recorded]:
    """Yield the entries that may speak of a question: about its use case, its version, and what that was made of."""
    ledger = context.house.ledger
    yield from ledger.read(subject=f"use-case:{question.use_case}")
    about_version = list(ledger.read(subject=f"version:{question.version}"))
    yield from about_version
    for recorded in about_version:
        if recorded.entry.kind == "model-version.registered":
            yield from ledger.read(subject=f"run:{recorded.entry.body['run']}")
            if policy.separation_along_lineage:
                yield from along(recorded.entry.body["training"], lambda subject: ledger.read(subject=subject))
