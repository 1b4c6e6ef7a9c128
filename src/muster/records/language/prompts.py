"""Prompts: what language models are asked to be measured, and the canaries by which a change at a provider shows."""

from __future__ import annotations

from dataclasses import dataclass

from muster.records.codec import kind


@dataclass(frozen=True, slots=True)
class Prompt:
    """One thing to ask."""

    id: str
    text: str
    language: str = ""
    """Which language the answer is to be written in, such as ``python``; figures are given for each."""
    kind: str = ""
    """What sort of question it is, such as ``niche``; figures are given for each."""


@dataclass(frozen=True, slots=True)
class PromptSet:
    """Prompts that are asked together; its digest names it in evidence."""

    name: str
    prompts: tuple[Prompt, ...]


@kind("canaries.chosen")
@dataclass(frozen=True, slots=True)
class Canaries:
    """That a hosted version is asked these prompts again and again; a new choice begins with a new reference."""

    version: str
    name: str
    prompts: str
    """Digest of the prompt set."""
    count: int
    """How many prompts there are."""
    samples: int
    """How often each is asked in one run."""

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"version:{self.version}"


@kind("canaries.answered")
@dataclass(frozen=True, slots=True)
class CanaryReference:
    """What the canaries were answered the first time: later answers are held against it."""

    version: str
    prompts: str
    """Digest of the prompt set that was asked."""
    profiles: str
    """Digest of the profiles of the answers, prompt by prompt; no answer is in them."""

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"version:{self.version}"
