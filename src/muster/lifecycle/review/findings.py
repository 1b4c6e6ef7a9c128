"""Findings: a validator says what is wrong, its owner answers, and a validator who is no author of it closes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from muster.lifecycle.desk.action import action, view
from muster.lifecycle.desk.asking import find_version
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.people import require_known
from muster.lifecycle.desk.seen.findings import Seen, facts_about, seen
from muster.lifecycle.review.words import read, sealed
from muster.records.entry import person_of
from muster.records.governance.findings import AnsweredFinding, ClosedFinding, OpenedFinding, ReopenedFinding
from muster.records.governance.terms import FindingSeverity
from muster.records.people import Role
from muster.records.policy import Library
from muster.records.purpose import UseCase
from muster.rules.gate.people.findings import objection

OPENERS = (Role.VALIDATOR, Role.RISK_ANALYST, Role.AUDITOR)
READERS = (Role.VALIDATOR, Role.RISK_ANALYST, Role.OWNER, Role.EXECUTIVE, Role.AUDITOR, Role.ADMIN, Role.ML_ENGINEER)
ANSWERERS = tuple(role for role in Role if role not in (Role.AUDITOR, Role.ADMIN))
"""Who may own what is to be mended: everybody but those who look on, or let people in."""
LONGEST = 200
"""Characters of a title."""


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A finding for reading."""

    id: str
    severity: FindingSeverity
    state: str
    """``open``, ``answered``, ``done`` (its owner says so) or ``closed``."""
    overdue: bool
    owner: str
    due_at: datetime
    about: str
    title: str


@dataclass(frozen=True, slots=True)
class Said:
    """One step of a finding: what somebody did, and said."""

    at: datetime
    who: str
    did: str
    words: str


@dataclass(frozen=True, slots=True)
class FindingStory:
    """A finding with everything that was said about it."""

    finding: FindingLine
    control: str
    clause: str
    note: str
    """Why a closing that somebody wrote does not count; mostly empty."""
    steps: tuple[Said, ...]


@action("finding open", roles=OPENERS)
def open_finding(  # noqa: PLR0913, PLR0917 - each is a thing that a finding must say
    context: Context,
    severity: FindingSeverity,
    title: str,
    owner: str,
    due: datetime,
    version: str = "",
    use_case: str = "",
    words: str = "",
    control: str = "",
    clause: str = "",
) -> FindingLine:
    """Open a finding about a version, or about a use case, which then counts for all its versions.

    Parameters
    ----------
    title
        What is wrong, in a line; it stays in the ledger for ever, so name no person.
    owner
        Id of the actor who sees to it.
    due
        By when, as a date.
    words
        What was found, at length; sealed, so that it can be erased.
    control, clause
        Id of the control, or of the clause of a law or standard, that it is about.
    """
    basis = context.basis()
    about, case = _subject(context, version, use_case)
    if not title.strip() or len(title) > LONGEST or not title.isprintable():
        msg = f"a finding has a title: one line of 1 to {LONGEST} characters; the rest goes into its words"
        raise ValueError(msg)
    if due <= context.house.clock():
        msg = f"it is due by {due:%Y-%m-%d}, which is past: give a date to come"
        raise ValueError(msg)
    require_known(context.house.ledger, owner)
    _require_listed(context, control, clause)
    number = len(context.history(OpenedFinding)) + 1
    found = OpenedFinding(f"F-{number}", about, case, severity, title, "", owner, due, control, clause)
    found = replace(found, words=sealed(context, words))
    context.record(found, expect=basis)
    return _line(context, seen(context, found.id))


@action("finding answer", roles=ANSWERERS)
def answer(context: Context, finding: str, words: str, *, done: bool = False) -> FindingLine:
    """Answer a finding as its owner: what you mean to do, or have done.

    Parameters
    ----------
    finding
        Its id, such as F-1.
    words
        Plan or account; sealed, so that it can be erased.
    done
        Say that it is dealt with; a validator closes it then.
    """
    basis = context.basis()
    known = seen(context, finding)
    if person_of(context.identity.actor) != person_of(known.record.owner):
        msg = f"{known.record.id} is for {known.record.owner} to answer, not for {context.identity.id}"
        raise PermissionError(msg)
    _require_state(known, is_open=True)
    _require_words(words)
    context.record(AnsweredFinding(known.record.id, known.record.about, sealed(context, words), done), expect=basis)
    return _line(context, seen(context, finding))


@action("finding close", roles=(Role.VALIDATOR,))
def close(context: Context, finding: str, words: str) -> FindingLine:
    """Close a finding: it is dealt with. Neither its owner nor an author of the version does that.

    Parameters
    ----------
    finding
        Its id, such as F-1.
    words
        What satisfied you; sealed, so that it can be erased.
    """
    basis = context.basis()
    known = seen(context, finding)
    _require_state(known, is_open=True)
    _require_words(words)
    person = person_of(context.identity.actor)
    if why := objection(person, known.record, facts_about(context, known.record)):
        msg = f"{known.record.id}: {why}: another validator does"
        raise PermissionError(msg)
    context.record(ClosedFinding(known.record.id, known.record.about, sealed(context, words)), expect=basis)
    return _line(context, seen(context, finding))


@action("finding reopen", roles=(Role.VALIDATOR, Role.RISK_ANALYST))
def reopen(context: Context, finding: str, words: str) -> FindingLine:
    """Open a finding again that was closed: it was not dealt with after all.

    Parameters
    ----------
    finding
        Its id, such as F-1.
    words
        Why; sealed, so that it can be erased.
    """
    basis = context.basis()
    known = seen(context, finding)
    _require_state(known, is_open=False)
    _require_words(words)
    context.record(ReopenedFinding(known.record.id, known.record.about, sealed(context, words)), expect=basis)
    return _line(context, seen(context, finding))


@view("finding list")
def listed(context: Context, version: str = "", use_case: str = "", *, closed: bool = False) -> tuple[FindingLine, ...]:
    """List the findings that are open, the gravest and most urgent first.

    Parameters
    ----------
    version
        Only findings about this version, and about its use case.
    use_case
        Only findings about this use case and its versions.
    closed
        Show those that were closed, too.
    """
    context.house.ledger.refresh()
    found = find_version(context, version) if version else None
    wanted = found.use_case if found else use_case
    places = {f"version:{found.digest}", f"use-case:{found.use_case}"} if found else set()
    lines = [
        _line(context, seen(context, opened.id))
        for _, opened in context.history(OpenedFinding)
        if (not wanted or opened.use_case == wanted) and (not places or opened.about in places)
    ]
    grave = list(FindingSeverity)
    kept = [line for line in lines if closed or line.state != "closed"]
    return tuple(sorted(kept, key=lambda line: (line.state == "closed", -grave.index(line.severity), line.due_at)))


@view("finding show", roles=READERS)
def show(context: Context, finding: str) -> FindingStory:
    """Show a finding with everything that was said about it; what was erased is shown as erased.

    Parameters
    ----------
    finding
        Its id, such as F-1.
    """
    context.house.ledger.refresh()
    known = seen(context, finding)
    record = known.record
    return FindingStory(_line(context, known), record.control, record.clause, known.note, tuple(_steps(context, known)))


def _subject(context: Context, version: str, use_case: str) -> tuple[str, str]:
    """Return the ledger subject and the use case of what a finding is about."""
    if bool(version) == bool(use_case):
        msg = "say what it is about: either --version, or --use-case for all its versions"
        raise ValueError(msg)
    if version:
        found = find_version(context, version)
        return f"version:{found.digest}", found.use_case
    case = context.latest(UseCase, f"use-case:{use_case}")
    return case.subject, case.id


def _require_listed(context: Context, control: str, clause: str) -> None:
    libraries = [library for _, library in context.history(Library)]
    if control and not any(library.control(control) for library in libraries):
        msg = f"no library here has a control {control!r}; `muster control list` shows them"
        raise LookupError(msg)
    if clause and clause not in {known.id for library in libraries for known in library.clauses}:
        msg = f"no library here knows a clause {clause!r}; `muster library show` names them"
        raise LookupError(msg)


def _require_state(known: Seen, *, is_open: bool) -> None:
    if known.is_open != is_open:
        state = "open" if known.is_open else "closed"
        msg = f"{known.record.id} is {state} already"
        raise ValueError(msg)


def _require_words(words: str) -> None:
    if not words.strip():
        msg = "say something: others will read it"
        raise ValueError(msg)


def _line(context: Context, known: Seen) -> FindingLine:
    record = known.record
    overdue = known.is_open and context.house.clock() >= record.due_at
    return FindingLine(
        record.id, record.severity, known.state, overdue, record.owner, record.due_at, record.about, record.title
    )


def _steps(context: Context, known: Seen) -> Iterator[Said]:
    yield Said(known.opened.entry.at, known.opened.entry.person, "opened", read(context, known.record.words))
    for recorded, step in known.steps:
        did = (
            "says it is done" if isinstance(step, AnsweredFinding) and step.done else recorded.entry.kind.split(".")[1]
        )
        yield Said(recorded.entry.at, recorded.entry.person, did, read(context, step.words))
