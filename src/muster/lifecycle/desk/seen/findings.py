"""Reviewing: a finding as it stands, told from everything that was written about it."""

from __future__ import annotations

from dataclasses import dataclass

from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.roots import current_root
from muster.records.decision import Question
from muster.records.entry import Recorded
from muster.records.governance.findings import AnsweredFinding, ClosedFinding, OpenedFinding, ReopenedFinding
from muster.records.model import ModelVersion
from muster.rules.gate.facts import Facts, gather
from muster.rules.gate.people.findings import open_now

Step = AnsweredFinding | ClosedFinding | ReopenedFinding


@dataclass(frozen=True, slots=True)
class Seen:
    """A finding, whether it is open, and the steps that were taken, oldest first."""

    record: OpenedFinding
    opened: Recorded
    steps: tuple[tuple[Recorded, Step], ...]
    is_open: bool
    note: str
    """Why a closing that somebody wrote does not count."""

    @property
    def state(self) -> str:
        """``closed``, ``open``, or what its owner said since it was last opened: ``answered`` or ``done``."""
        if not self.is_open:
            return "closed"
        last = self.steps[-1][1] if self.steps else None
        if isinstance(last, AnsweredFinding):
            return "done" if last.done else "answered"
        return "open"


def finding_named(context: Context, identifier: str) -> tuple[Recorded, OpenedFinding]:
    """Return a finding and the entry that opened it; raise LookupError if there is none of that id."""
    for recorded, opened in context.history(OpenedFinding):
        if opened.id.casefold() == identifier.strip().casefold():
            return recorded, opened
    msg = f"no finding {identifier!r} is known here; `muster finding list --closed` shows all"
    raise LookupError(msg)


def seen(context: Context, identifier: str) -> Seen:
    """Return a finding as it stands."""
    recorded, opened = finding_named(context, identifier)
    about: list[tuple[Recorded, Step]] = [
        *context.history(AnsweredFinding, opened.about),
        *context.history(ClosedFinding, opened.about),
        *context.history(ReopenedFinding, opened.about),
    ]
    steps = sorted((each for each in about if each[1].finding == opened.id), key=lambda each: each[0].seq)
    facts = facts_about(context, opened)
    (fact,) = [fact for fact in facts.findings if fact.record.id == opened.id]
    is_open, note = open_now(fact, facts)
    return Seen(opened, recorded, tuple(steps), is_open, note)


def facts_about(context: Context, opened: OpenedFinding) -> Facts:
    """Return who made what a finding is about, who owns it, and the findings about it.

    About a use case, everybody counts as an author who made any of its versions.
    """
    ledger, root, verify = context.house.ledger, current_root(context), context.house.verify
    versions = [record for _, record in context.history(ModelVersion) if record.use_case == opened.use_case]
    if opened.about.startswith("version:"):
        versions = [version for version in versions if version.subject == opened.about]
    about = [*ledger.read(subject=f"use-case:{opened.use_case}")]
    facts = gather(Question("", opened.use_case, ""), about, root, verify)
    for version in versions:
        of_version = [*ledger.read(subject=version.subject), *ledger.read(subject=f"run:{version.run}")]
        wanted = [each for each in of_version if each.entry.kind in _MADE]
        facts |= gather(Question(version.digest, version.use_case, ""), wanted, root, verify)
    return facts


_MADE = frozenset({"model-version.registered", "run.finished", "finding.opened", "finding.closed", "finding.reopened"})
