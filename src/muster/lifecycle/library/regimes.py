"""Regimes: the laws, rules and standards that the library knows, and how far each is answered here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from muster.lifecycle.desk.action import view
from muster.lifecycle.desk.context import Context
from muster.lifecycle.library.reading import (
    day_of,
    known_version,
    library_on,
    policies_in_force,
    versions_that_matter,
)
from muster.records.policy import Library
from muster.records.purpose import UseCase
from muster.rules.coverage.means import answering, regime_of
from muster.rules.coverage.report import CoverageLine, Subject, counts, lines
from muster.rules.coverage.timing import in_words
from muster.rules.coverage.upcoming import Coming, Held, upcoming

FAR = "9999-12-31"
"""Until when is looked where nothing is said: all dates that the library knows."""


@dataclass(frozen=True, slots=True)
class RegimeLine:
    """A law, rule or standard in a list."""

    id: str
    name: str
    standing: str
    jurisdictions: tuple[str, ...]
    clauses: int
    answered: int
    """Clauses that a control or a fact of the house could answer."""
    confidence: str
    note: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far a regime is answered, clause by clause."""

    regime: str
    name: str
    subject: str
    """What was asked about, in words."""
    as_of: str
    counts: Mapping[str, int]
    lines: tuple[CoverageLine, ...]
    note: str
    notice: str
    """That it is engineering input, not legal advice."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What laws will ask from a day on, of what is here today."""

    today: str
    until: str
    coming: tuple[Coming, ...]
    unheld: tuple[str, ...]
    """Use cases without a policy in the environment, of whose versions nothing can be said."""
    notice: str


@view("regime list")
def regime_list(context: Context, as_of: str = "", library: str = "") -> tuple[RegimeLine, ...]:
    """List the laws, rules and standards that the control library knows.

    Parameters
    ----------
    as_of
        The day (YYYY-MM-DD) of library and law; today where nothing is said.
    library
        Name of the library; the one adopted last where nothing is said.
    """
    day = day_of(context, as_of)
    held = library_on(context, day, library)
    means = answering(held)
    found = []
    for regime in held.regimes:
        asked = [clause for clause in held.clauses if regime_of(clause) == regime.id]
        answered = sum(bool(means[clause.id].controls or means[clause.id].facts) for clause in asked)
        said = in_words(regime, day), regime.jurisdictions, len(asked), answered, regime.confidence.value, regime.note
        found.append(RegimeLine(regime.id, regime.name, *said))
    return tuple(found)


@view("coverage show")
def coverage_show(
    context: Context,
    regime: str,
    version: str = "",
    use_case: str = "",
    environment: str = "production",
    as_of: str = "",
    library: str = "",
) -> Coverage:
    """Show which clauses of a law or standard are answered: by a control, demanded by a policy here, with evidence.

    Parameters
    ----------
    regime
        Id of the law, rule or standard, such as ``AIA``; `muster regime list` names them.
    version
        Digest of a model version, or its beginning: then fresh evidence is looked for, too.
    use_case
        Id of a use case: then clauses that do not speak of it are told apart.
    environment
        Of the policy by which a version is judged.
    as_of
        The day (YYYY-MM-DD) of the law; evidence is that of today.
    library
        Name of the library; the one adopted last where nothing is said.
    """
    day = day_of(context, as_of)
    held = library_on(context, day, library)
    name, note = _named(held, regime)
    subject, words = _subject(context, version, use_case, environment)
    policies = (subject.known.policy,) if subject.known else policies_in_force(context, subject.use_case)
    found = lines(held, regime, policies, subject, day, context.house.clock())
    return Coverage(regime, name, words, day, counts(found), found, note, held.notice)


@view("coverage upcoming")
def coverage_upcoming(context: Context, until: str = "", environment: str = "production", library: str = "") -> Outlook:
    """Show what laws will ask of the use cases and versions here that they do not ask today, and what is there already.

    Parameters
    ----------
    until
        The last day (YYYY-MM-DD) that is looked at; all dates known where nothing is said.
    environment
        Of the policies by which versions are judged.
    library
        Name of the library; the one adopted last where nothing is said.
    """
    today = day_of(context, "")
    last = day_of(context, until) if until else FAR
    held = library_on(context, today, library)
    inventory, unheld = [], []
    for case in {case.id: case for _, case in context.history(UseCase)}.values():
        policies = tuple(each for each in policies_in_force(context, case) if each.environment == environment)
        judged = versions_that_matter(context, case.id) if len(policies) == 1 else ()
        if len(policies) != 1:
            unheld.append(case.id)
        known = tuple(known_version(context, version, environment) for version in judged)
        inventory.append(Held(case, policies, known))
    coming = upcoming(held, inventory, today, last, context.house.clock())
    return Outlook(today, last if until else "all dates known", coming, tuple(unheld), held.notice)


def _named(library: Library, regime: str) -> tuple[str, str]:
    for each in library.regimes:
        if each.id == regime:
            return each.name, each.note
    if known := {regime_of(clause) for clause in library.clauses}:
        if regime in known:
            return regime, ""
        msg = f"library {library.name!r} knows no regime {regime!r}; there are {', '.join(sorted(known))}"
    else:
        msg = f"library {library.name!r} describes no clauses: adopt one that does (muster library adopt)"
    raise LookupError(msg)


def _subject(context: Context, version: str, use_case: str, environment: str) -> tuple[Subject, str]:
    if version:
        known = known_version(context, version, environment)
        if use_case not in ("", known.use_case.id):
            msg = f"version {version} is for use case {known.use_case.id!r}, not for {use_case!r}: name one of both"
            raise ValueError(msg)
        named = f"{known.version.model} {known.version.digest[:19]}"
        return Subject(known.use_case, known), f"version {named} for {known.use_case.id}"
    if use_case:
        return Subject(context.latest(UseCase, f"use-case:{use_case}")), f"use case {use_case}"
    return Subject(), "every use case; name one, or a version, to see what evidence there is"
