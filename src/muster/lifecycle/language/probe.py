"""Probe: a hosted version is asked for code; how often it names packages not known to exist is measured."""

from __future__ import annotations

from dataclasses import dataclass

from muster.lifecycle.desk.action import action
from muster.lifecycle.desk.asking import find_version
from muster.lifecycle.desk.context import Context
from muster.lifecycle.language.asking import ask_all, hosted_of, require_askable
from muster.lifecycle.language.judging import (
    PACKAGES,
    asked_of,
    evidence_for,
    judged,
    lists_in_words,
    opened,
    policy_of,
)
from muster.records.canonical import canonical
from muster.records.codec import encode
from muster.records.evidence import Evidence
from muster.records.language.prompts import PromptSet
from muster.records.people import Role

HELD_OUT = "held-out"
"""Role of the sample: nothing may be tuned on these prompts."""


@dataclass(frozen=True, slots=True)
class Invention:
    """A package that a model named and that is not known to exist."""

    name: str
    """As ``pypi:name``."""
    questions: int
    """How many prompts brought it up."""


@dataclass(frozen=True, slots=True)
class Probe:
    """What a probe of a hosted version came to; figures only, the gate judges."""

    version: str
    prompts: str
    """Digest of the prompt set."""
    name: str
    answers: int
    references: int
    """Packages named, each once an answer."""
    lists: str
    """By which lists they were judged."""
    inventions: tuple[Invention, ...]
    evidence: tuple[Evidence, ...]
    kept: str = ""
    """Digest of the answers, where they were asked to be kept."""


@action("model probe", roles=(Role.ML_ENGINEER, Role.VALIDATOR))
def probe(
    context: Context,
    version: str,
    prompts: PromptSet,
    environment: str = "production",
    samples: int = 1,
    at_once: int = 4,
    *,
    keep_answers: bool = False,
) -> Probe:
    """Ask a hosted version for code, and record how many of the packages that it names are not known to exist.

    It is asked as it is, before any guard. All prompts are answered, or nothing is recorded.

    Parameters
    ----------
    prompts
        What to ask; `muster example code-generation` has a set.
    samples
        How often each is asked; more than once tells something only where the version's temperature is above 0.
    at_once
        How many questions may be under way together.
    keep_answers
        Keep the answers themselves in the store; otherwise only counts and names of packages remain.

    Raises
    ------
    ConnectionError
        If the provider cannot be asked.
    """
    from muster.columns.replies.counting import counted, table_of, times_named
    from muster.columns.sample import UNDECIDED, Sample

    context.house.ledger.refresh()
    found = find_version(context, version)
    hosted_of(found)
    require_askable(prompts, samples, at_once)
    policy = policy_of(context, found, environment)
    asked, lists = asked_of(context, policy, PACKAGES, HELD_OUT), opened(context)
    replies = ask_all(context, found, prompts, samples, at_once)
    judgements = judged(context, lists, policy, replies)
    rows = [
        counted(reply.prompt.id, reply.prompt.language, reply.prompt.kind, named)
        for reply, named in zip(replies, judgements, strict=True)
    ]
    named_set = context.house.blobs.put(canonical(encode(prompts)))
    table = table_of(rows)
    sample = Sample.of(table, [0.0] * len(rows), UNDECIDED, name=prompts.name, digest=named_set, role=HELD_OUT)
    words = lists_in_words(lists)
    evidence = evidence_for(found, sample, asked, f"{len(prompts.prompts)} prompts, each {samples} times. {words}")
    kept = ""
    if keep_answers:
        said = [{"prompt": reply.prompt.id, "answer": reply.text} for reply in replies]
        kept = context.house.blobs.put(canonical(said))
    context.record(*evidence)
    inventions = tuple(Invention(name, times) for name, times in times_named(rows).items())
    references = sum(row.references or 0 for row in rows)
    return Probe(found.digest, named_set, prompts.name, len(rows), references, words, inventions, evidence, kept)
