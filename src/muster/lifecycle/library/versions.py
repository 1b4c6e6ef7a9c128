"""Versions: the libraries that were adopted, and what each changed of the one before it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from muster.lifecycle.desk.action import view
from muster.lifecycle.desk.context import Context
from muster.lifecycle.library.reading import day_of, library_on
from muster.records.policy import Library, Limit
from muster.rules.gate.facts import record_digest
from muster.rules.gate.limits import phrase

LONGEST = 80
"""Characters of a value that is told before and after; of longer ones, only that they changed."""


@dataclass(frozen=True, slots=True)
class LibraryLine:
    """One version of a library, as it was adopted."""

    library: str
    digest: str
    adopted_at: datetime
    by: str
    controls: int
    clauses: int
    changes: tuple[str, ...]
    """What it changed of the version before it; of the first, nothing."""


@view("library list")
def library_list(context: Context, library: str = "") -> tuple[LibraryLine, ...]:
    """List the versions of control libraries that were adopted, oldest first, and what each changed.

    Parameters
    ----------
    library
        Only the library of this name.
    """
    context.house.ledger.refresh()
    before: dict[str, Library] = {}
    lines = []
    for recorded, held in context.history(Library):
        if library in ("", held.name):
            said = tuple(changes(before[held.name], held)) if held.name in before else ()
            entry = recorded.entry
            counts = len(held.controls), len(held.clauses)
            lines.append(LibraryLine(held.name, record_digest(held), entry.at, entry.actor, *counts, said))
        before[held.name] = held
    return tuple(lines)


@view("library show")
def library_show(context: Context, library: str = "", as_of: str = "") -> Library:
    """Show a control library whole; as JSON it is what can be changed and adopted again.

    Parameters
    ----------
    library
        Its name; the one adopted last where nothing is said.
    as_of
        The day (YYYY-MM-DD) on which it was in force; today where nothing is said.
    """
    return library_on(context, day_of(context, as_of), library)


def changes(before: Library, after: Library) -> Iterable[str]:
    """Say what changed between two versions of a library, a line each, by what is most likely to matter."""
    for noun in ("controls", "clauses", "regimes", "objectives"):
        old = {each.id: each for each in getattr(before, noun)}
        new = {each.id: each for each in getattr(after, noun)}
        yield from _lines(noun, "new", sorted(new.keys() - old.keys()))
        yield from _lines(noun, "gone", sorted(old.keys() - new.keys()))
        for name in sorted(old.keys() & new.keys()):
            if old[name] != new[name]:
                yield f"{noun.removesuffix('s')} {name}: {', '.join(_fields(old[name], new[name]))}"
    if before.notice != after.notice:
        yield "the notice"


def _lines(noun: str, what: str, names: list[str]) -> Iterable[str]:
    if names:
        yield f"{what} {noun}: {', '.join(names)}"


def _fields(old: Any, new: Any) -> Iterable[str]:
    for field in type(old).__slots__:
        was, became = getattr(old, field), getattr(new, field)
        if was != became:
            if isinstance(was, Limit) and isinstance(became, Limit):
                was, became = phrase(was), phrase(became)
            yield f"{field} {was} -> {became}" if _brief(was) and _brief(became) else field


def _brief(value: Any) -> bool:
    return isinstance(value, str | int | float) and 0 < len(str(value)) < LONGEST
