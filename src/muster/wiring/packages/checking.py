"""Checking texts for packages outside of the gateway: every finding is told, and nothing is cut off after the first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from muster.columns.packages.judging.judge import Judge
from muster.columns.packages.names import Lists, normal
from muster.columns.packages.reference import Means, Reference
from muster.columns.packages.text import check_text
from muster.columns.packages.verdict import Judgement
from muster.ports.clock import Clock
from muster.records.language.packages import Action, Ecosystem, PackageRules, Verdict
from muster.settings import Settings
from muster.wiring.packages.lists import Progress, open_lists

WORTH_ASKING = frozenset({Verdict.NONEXISTENT, Verdict.UNKNOWN, Verdict.OBSCURE, Verdict.NEAR_MISS})
"""Verdicts of which an index knows more than a list."""


def clock() -> datetime:
    """Return now."""
    return datetime.now(UTC)  # noqa: TID251 - here the real clock is bound to its port


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found in a text."""

    judgements: tuple[Judgement, ...]
    problem: str = ""
    """Why it could not be read to its end; empty where it was."""


@dataclass(frozen=True, slots=True)
class PackageShown:
    """What is known of one package, and what the rules make of it."""

    name: str
    ecosystem: Ecosystem
    verdict: Verdict
    action: Action
    explanation: str
    suggestion: str
    """What to write instead, if that is known."""
    rank: int | None
    """Place among the most used."""
    first_upload: datetime | None
    status: str
    """What the index says of it; empty where the list does not have it."""
    licence: str
    list_complete: bool
    list_taken_at: datetime | None
    list_digest: str


@dataclass(slots=True)
class Checker:
    """Judges texts by the lists in use.

    Parameters
    ----------
    lists
        Opened once.
    rules
        What a policy asks.
    now
        The clock by which lists are stale and packages new.
    """

    lists: Lists
    rules: PackageRules = field(default_factory=PackageRules)
    now: Clock = clock

    def check(self, text: str, path: str = "", own: Iterable[str] = ()) -> Checked:
        """Judge every package that a text names; parameters as for :func:`~muster.columns.packages.text.check_text`."""
        seeing = replace(self.rules, actions={verdict.value: Action.ALLOW for verdict in Verdict})
        report = check_text(text, self.lists, seeing, self.now(), path=path, own=own)
        found = tuple(replace(each, action=self.rules.action(each.verdict)) for each in report.judgements)
        return Checked(found, report.refusal)

    def package(self, ecosystem: Ecosystem, name: str) -> Judgement:
        """Judge one name that somebody is about to install."""
        reference = Reference(ecosystem, Means.COMMAND, name.strip(), name, 0, len(name), 1)
        return Judge(self.lists, self.rules, self.now()).judge(reference)

    def describe(self, ecosystem: Ecosystem, name: str) -> PackageShown:
        """Judge one name, and say what the list knows of it."""
        found, names = self.package(ecosystem, name), self.lists.names.get(ecosystem)
        key = found.distribution or normal(ecosystem, name)
        listed = names if names is not None and key in names else None
        return PackageShown(
            key,
            ecosystem,
            found.verdict,
            found.action,
            found.explanation,
            found.suggestion,
            listed.rank(key) if listed else None,
            listed.first_upload(key) if listed else None,
            listed.status(key).value if listed else "",
            listed.licence(key) if listed else "",
            names.complete if names else False,
            found.taken_at,
            found.digest,
        )

    def ask(
        self,
        settings: Settings,
        judgements: Iterable[Judgement],
        addresses: Mapping[Ecosystem, str],
        progress: Progress,
    ) -> None:
        """Ask the configured indexes for what the lists do not know; from now on the answers count.

        Raises
        ------
        LookupError, OSError, ValueError
            If no index is configured, or it does not answer.
        """
        from muster.wiring.packages.index import asked, index_of

        wanted: dict[Ecosystem, set[str]] = {}
        for judgement in judgements:
            reference = judgement.reference
            if judgement.verdict in WORTH_ASKING and reference.ecosystem is not Ecosystem.CONDA:
                wanted.setdefault(reference.ecosystem, set()).update(_candidates(judgement))
        indexes = [(index_of(ecosystem, addresses.get(ecosystem, "")), names) for ecosystem, names in wanted.items()]
        self.lists = asked(settings, self.lists, indexes, self.now, progress)


def open_checker(settings: Settings, rules: PackageRules | None = None) -> Checker:
    """Return a checker by the lists in use; raise ValueError where one of them is not what was put there."""
    return Checker(open_lists(settings), rules or PackageRules())


def _candidates(judgement: Judgement) -> set[str]:
    """Return the names under which a package could be on the index: of a dotted module, its beginnings."""
    reference = judgement.reference
    if judgement.distribution:
        return {judgement.distribution}
    if reference.installs or reference.ecosystem is Ecosystem.NPM:
        return {normal(reference.ecosystem, reference.name)}
    parts = reference.name.split(".")[:3]
    return {normal(reference.ecosystem, ".".join(parts[:count])) for count in range(1, len(parts) + 1)}
