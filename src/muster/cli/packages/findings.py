"""Findings: what was found in which file, and what it means for whoever asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from muster.columns.packages.names import Lists
from muster.columns.packages.verdict import Judgement
from muster.records.language.packages import Action, Ecosystem, Verdict
from muster.wiring.packages.checking import Checked


class Outcome(StrEnum):
    """What came of it, all in all."""

    FINE = "fine"
    STOPPED = "stopped"
    """Something is named that the rules stop."""
    UNDECIDED = "undecided"
    """A list could not tell, or a file could not be read."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One package that the rules do not simply allow."""

    file: str
    line: int
    column: int
    """In characters, from 1."""
    length: int
    ecosystem: Ecosystem
    name: str
    text: str
    verdict: Verdict
    action: Action
    distribution: str
    suggestion: str
    explanation: str
    digest: str
    """Of the list of names that the verdict rests on."""


@dataclass(frozen=True, slots=True)
class ListUsed:
    """A list that verdicts rest on."""

    ecosystem: Ecosystem
    complete: bool
    taken_at: datetime
    digest: str


@dataclass(frozen=True, slots=True)
class PackagesChecked:
    """What was found in all files."""

    outcome: Outcome
    files: int
    packages: int
    """How many times a package was named."""
    findings: tuple[Finding, ...]
    problems: tuple[str, ...]
    """What could not be read, and why."""
    lists: tuple[ListUsed, ...]

    @property
    def stopped(self) -> tuple[Finding, ...]:
        """The findings that the rules stop."""
        return tuple(finding for finding in self.findings if finding.action.stops)


def gather(
    texts: Sequence[tuple[str, str, Checked]], unread: Iterable[str], lists: Lists, empty: str = ""
) -> PackagesChecked:
    """Put together what was found.

    Parameters
    ----------
    texts
        Name of the file, its text, and what was found there.
    unread
        What could not be read.
    empty
        What to say where there was nothing to read at all.
    """
    findings = tuple(
        _finding(name, text, judgement)
        for name, text, checked in texts
        for judgement in checked.judgements
        if judgement.action is not Action.ALLOW
    )
    problems = [*unread, *(f"{name}: {checked.problem}" for name, _, checked in texts if checked.problem)]
    if empty and not texts and not problems:
        problems.append(empty)
    used = (ListUsed(kind, names.complete, names.taken_at, names.digest) for kind, names in lists.names.items())
    packages = sum(len(checked.judgements) for _, _, checked in texts)
    return PackagesChecked(_outcome(findings, problems), len(texts), packages, findings, tuple(problems), tuple(used))


def _outcome(findings: Sequence[Finding], problems: Sequence[str]) -> Outcome:
    if any(finding.action.stops for finding in findings):
        return Outcome.STOPPED
    unknown = any(finding.verdict is Verdict.UNKNOWN for finding in findings)
    return Outcome.UNDECIDED if unknown or problems else Outcome.FINE


def _finding(file: str, text: str, judgement: Judgement) -> Finding:
    reference = judgement.reference
    return Finding(
        file,
        reference.line,
        reference.start - (text.rfind("\n", 0, reference.start) + 1) + 1,
        reference.end - reference.start,
        reference.ecosystem,
        reference.name,
        reference.text,
        judgement.verdict,
        judgement.action,
        judgement.distribution,
        judgement.suggestion,
        judgement.explanation,
        judgement.digest,
    )
