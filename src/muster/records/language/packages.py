"""Packages that a model names: the verdicts there are, what is done about each, and what a policy lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Ecosystem(StrEnum):
    """Which index a name belongs to."""

    PYPI = "pypi"
    NPM = "npm"
    CONDA = "conda"
    """Its names are not those of Python's index; without a list of its own, a name is unknown, never nonexistent."""


class Verdict(StrEnum):
    """What is found of one package that was named."""

    NONEXISTENT = "nonexistent"
    """Not in a complete and fresh list."""
    UNKNOWN = "unknown"
    """Not in the list, but the list is partial or stale, or there is none."""
    IMPORT_NAME = "import-name-not-package"
    """What is installed has another name than what is imported."""
    STANDARD_LIBRARY = "standard-library"
    """Asked to be installed, but part of the language: whoever registers the name would be installed."""
    OBSCURE = "obscure"
    """Exists, and hardly anyone uses it."""
    TOO_NEW = "too-new"
    """First uploaded less than the policy's minimum age ago."""
    NEAR_MISS = "near-miss"
    """Hardly used, and an edit away from a name that many use."""
    REMOVED = "removed"
    """Was on the index and no longer is."""
    QUARANTINED = "quarantined"
    """Held back by the index itself."""
    DENIED = "denied"
    """On the policy's list of denied names."""
    LICENCE = "licence"
    """Its licence is not one that the policy accepts."""
    INDEX_OVERRIDE = "index-override"
    """From an address, a repository or an index that the policy does not name."""
    INVISIBLE = "invisible-characters"
    """Characters in the name that no reader sees."""
    HOMOGLYPH = "homoglyph"
    """Letters of another alphabet that look like those of the real name."""
    PLACEHOLDER = "placeholder"
    """Stands for a name, such as ``your-package``."""
    GENERIC = "generic-name"
    """A module that any project calls its own, such as ``config``; that a package of the name exists means nothing."""
    FIRST_PARTY = "first-party"
    """The asker's own, or defined in the same answer."""
    BUILT_IN = "built-in"
    """An import of what comes with the language."""
    FINE = "fine"


class Action(StrEnum):
    """What is done about a finding in an answer."""

    BLOCK = "block"
    """Nothing from here on is passed, and the answer ends with a clear refusal."""
    REDACT = "redact"
    """The statement is replaced by a comment that says why."""
    ANNOTATE = "annotate"
    """The statement passes with a comment beside it."""
    ALLOW = "allow"

    @property
    def stops(self) -> bool:
        """Whether what was found does not reach the reader."""
        return self in (Action.BLOCK, Action.REDACT)


DEFAULT_ACTIONS: Mapping[Verdict, Action] = {
    Verdict.NONEXISTENT: Action.BLOCK,
    Verdict.UNKNOWN: Action.ANNOTATE,
    Verdict.IMPORT_NAME: Action.REDACT,
    Verdict.STANDARD_LIBRARY: Action.REDACT,
    Verdict.OBSCURE: Action.ANNOTATE,
    Verdict.TOO_NEW: Action.REDACT,
    Verdict.NEAR_MISS: Action.ANNOTATE,  # 0.9 % of genuine little-used names are within one edit of the 5,000 most used
    Verdict.REMOVED: Action.BLOCK,
    Verdict.QUARANTINED: Action.BLOCK,
    Verdict.DENIED: Action.BLOCK,
    Verdict.LICENCE: Action.REDACT,
    Verdict.INDEX_OVERRIDE: Action.REDACT,
    Verdict.INVISIBLE: Action.BLOCK,
    Verdict.HOMOGLYPH: Action.BLOCK,
}
"""What is done where a policy does not say; verdicts that are not named here are allowed."""


@dataclass(frozen=True, slots=True)
class PackageRules:
    """What a policy asks of packages named in answers. Names may be ``name`` or ``pypi:name``, in any spelling."""

    actions: Mapping[str, Action] = field(default_factory=dict)
    """Verdict to action, over the defaults."""
    allowed: tuple[str, ...] = ()
    """Names that are fine whatever else is found of them, such as packages of an internal index."""
    denied: tuple[str, ...] = ()
    first_party: tuple[str, ...] = ()
    """Modules and package names of the asker's own project."""
    minimum_age_days: float = 30
    maximum_list_age_days: float = 30
    """A name missing from an older list is unknown."""
    popular: int = 5000
    """How many of the most used names others are held against for near misses."""
    licences: tuple[str, ...] = ()
    """SPDX identifiers accepted; none means any. A licence that the list does not know is not judged."""
    indexes: tuple[str, ...] = ()
    """Addresses that may be named for indexes and repositories; each also stands for what lies below it."""

    def action(self, verdict: Verdict) -> Action:
        """Return what is done about a verdict."""
        return self.actions.get(verdict.value, DEFAULT_ACTIONS.get(verdict, Action.ALLOW))
