"""Canary: the same prompts, asked again and again: what a provider changes behind a name shows in the answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from muster.lifecycle.desk.action import action
from muster.lifecycle.desk.asking import ask, find_version
from muster.lifecycle.desk.context import Context
from muster.lifecycle.language.asking import ask_all, hosted_of, require_askable
from muster.lifecycle.language.judging import PROFILE, asked_of, evidence_for, judged, opened, policy_of
from muster.records.access.alert import Alert, Severity
from muster.records.canonical import canonical, parse
from muster.records.codec import decode, encode
from muster.records.decision import Decision, Question, Verdict
from muster.records.evidence import Evidence
from muster.records.language.prompts import Canaries, CanaryReference, PromptSet
from muster.records.model import ModelVersion
from muster.records.people import Role
from muster.records.release import SignedRelease

if TYPE_CHECKING:
    from muster.columns.replies.profiles import Profile

CANARY = "canary"
"""Role of the sample."""

SAMPLE = "canaries"
"""Name of the sample, whatever set was chosen: what a former set showed must not speak for ever."""

COLD = {"temperature": 0, "max_tokens": 32}
"""The beginning of the likeliest answer, whatever the version's own parameters: chance must not look like a change."""

CHANGED = "answer-profile-changed"


@dataclass(frozen=True, slots=True)
class CanaryRun:
    """What the canaries answered, held against their first answers; and what the gate says of the version with that."""

    version: str
    name: str
    prompts: int
    first: bool
    """Whether this was the first run: what it asked first is the reference from now on."""
    changed: tuple[str, ...]
    """Prompts whose answers are no longer alike the first ones."""
    evidence: tuple[Evidence, ...]
    decision: Decision


@action("canary set", roles=(Role.VALIDATOR, Role.RISK_ANALYST))
def choose(context: Context, version: str, prompts: PromptSet, samples: int = 1) -> Canaries:
    """Choose the canaries of a hosted version: short, fixed prompts. The next run makes the reference.

    Choosing again begins anew, so that a change which people have looked at can be accepted. Whoever builds the version
    does not choose.

    Parameters
    ----------
    prompts
        What to ask; `muster example code-generation` has a set.
    samples
        How often each is asked in one run; more than once where the provider answers the same question differently.
    """
    context.house.ledger.refresh()
    found = find_version(context, version)
    hosted_of(found)
    require_askable(prompts, samples, 1)
    kept = context.house.blobs.put(canonical(encode(prompts)))
    chosen = Canaries(found.digest, prompts.name, kept, len(prompts.prompts), samples)
    context.record(chosen)
    return chosen


@action("canary run", roles=(Role.ML_ENGINEER, Role.VALIDATOR, Role.OPERATOR))
def run(context: Context, version: str, environment: str = "production", at_once: int = 4) -> CanaryRun:
    """Ask the canaries of a hosted version, and record what changed since they were first asked.

    The first run asks twice: once for the reference, once to hold against it. Where answers changed, the gate no longer
    allows the version, and what it serves lapses with the next orders.

    Parameters
    ----------
    at_once
        How many questions may be under way together.

    Raises
    ------
    LookupError
        If no canaries were chosen for it.
    ConnectionError
        If the provider cannot be asked; nothing is recorded.
    """
    from muster.columns.replies.profiles import compared
    from muster.columns.sample import UNDECIDED, Sample

    context.house.ledger.refresh()
    found = find_version(context, version)
    chosen = _chosen(context, found)
    asked = asked_of(context, policy_of(context, found, environment), PROFILE, CANARY)
    prompts = decode(PromptSet, parse(context.house.blobs.get(chosen.prompts)), "prompts")
    before, first = _reference(context, found, chosen), None
    if before is None:
        context.progress("the first run: its answers are the reference")
        before = _profiles(context, found, prompts, chosen.samples, at_once, environment)
        kept = context.house.blobs.put(canonical({name: encode(tuple(each)) for name, each in before.items()}))
        first = CanaryReference(found.digest, chosen.prompts, kept)
    now = _profiles(context, found, prompts, chosen.samples, at_once, environment)
    table = compared(before, now)
    rows = table.to_pylist()
    sample = Sample.of(table, [0.0] * len(rows), UNDECIDED, name=SAMPLE, digest=chosen.prompts, role=CANARY)
    evidence = evidence_for(found, sample, asked, f"{chosen.samples} answers to each.")
    context.record(*([first] if first else []), *evidence)
    decision = ask(context, Question(found.digest, found.use_case, environment)).decision
    changed = tuple(row["prompt"] for row in rows if row["changed_profile"])
    _tell(context, found, decision, changed)
    return CanaryRun(found.digest, chosen.name, len(rows), first is not None, changed, evidence, decision)


def run_due(context: Context, hours: float) -> tuple[CanaryRun, ...]:
    """Run the canaries of every released version that were not run for so many hours; tell of those that cannot be."""
    context.house.ledger.refresh()
    due = context.house.clock() - timedelta(hours=hours)
    runs = []
    released = {(each.version, each.environment) for _, each in context.history(SignedRelease)}
    for version, environment in sorted(released):
        if not context.history(Canaries, f"version:{version}"):
            continue
        ran = [
            recorded.entry.at
            for recorded, each in context.history(Evidence, f"version:{version}")
            if each.check == PROFILE
        ]
        if not ran or max(ran) <= due:
            try:
                runs.append(run(context, version, environment))
            except (OSError, LookupError, ValueError) as error:
                context.progress(f"the canaries of {version} could not be asked: {error}")
    return tuple(runs)


def _chosen(context: Context, version: ModelVersion) -> Canaries:
    chosen = context.history(Canaries, version.subject)
    if not chosen:
        msg = f"no canaries were chosen for version {version.digest}: muster canary set"
        raise LookupError(msg)
    return chosen[-1][1]


def _reference(context: Context, version: ModelVersion, chosen: Canaries) -> Mapping[str, Sequence[Profile]] | None:
    """Return the first answers since the canaries were chosen; None where there are none yet."""
    from muster.columns.replies.profiles import Profile

    since = context.history(Canaries, version.subject)[-1][0].seq
    found = [
        each
        for recorded, each in context.history(CanaryReference, version.subject)
        if recorded.seq > since and each.prompts == chosen.prompts
    ]
    if not found:
        return None
    kept = parse(context.house.blobs.get(found[0].profiles))
    return {name: [decode(Profile, item, name) for item in items] for name, items in kept.items()}


def _profiles(
    context: Context, version: ModelVersion, prompts: PromptSet, samples: int, at_once: int, environment: str
) -> dict[str, list[Profile]]:
    from muster.columns.replies.counting import ASIDE, named
    from muster.columns.replies.profiles import profile_of

    replies = ask_all(context, version, prompts, samples, at_once, COLD)
    judgements = judged(context, opened(context), policy_of(context, version, environment), replies)
    found: dict[str, list[Profile]] = {}
    for reply, judged_here in zip(replies, judgements, strict=True):
        packages = [named(each) for each in judged_here if each.verdict not in ASIDE and each.reference.name]
        found.setdefault(reply.prompt.id, []).append(profile_of(reply.text, reply.tokens, packages))
    return found


def _tell(context: Context, version: ModelVersion, decision: Decision, changed: Sequence[str]) -> None:
    """Alert people where a released version answers otherwise and the gate no longer allows it."""
    released = context.history(SignedRelease, version.subject)
    if not changed or not released or decision.verdict is Verdict.ALLOW:
        return
    words = (
        f"{len(changed)} canaries of the released version {version.digest} are answered otherwise than at first, and "
        "the gate no longer allows it: look at the answers, then revoke it, or choose the canaries again"
    )
    context.house.notify.notify(Alert(CHANGED, Severity.WARNING, version.subject, words, context.house.clock()))
