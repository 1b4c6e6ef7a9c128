"""Reference: one package as a text names it, and where."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from muster.records.language.packages import Ecosystem


class Means(StrEnum):
    """How a package was named."""

    IMPORT = "import"
    COMMAND = "command"
    """An install command."""
    REQUIREMENT = "requirement"
    """An entry of a manifest, such as requirements, pyproject, package.json or environment.yml."""
    CALL = "tool-call"
    """An argument of a tool that installs."""


@dataclass(frozen=True, slots=True)
class Reference:
    """One package as a text names it. Offsets count characters of the whole text, lines count from 1."""

    ecosystem: Ecosystem
    means: Means
    name: str
    """As written, without extras, versions and the like; a dotted module for imports; empty for an index alone."""
    text: str
    """The whole specification as written, such as ``requests[socks]>=2``."""
    start: int
    end: int
    line: int
    index: str = ""
    """Where it is taken from, if the text says: an address, a repository, a path, or the option that names an index."""
    members: tuple[str, ...] = ()
    """Names imported from the module, which may be modules themselves: ``from google.cloud import storage``."""

    @property
    def installs(self) -> bool:
        """Whether the name is one to install by, not one to import by."""
        return self.means is not Means.IMPORT

    def moved(self, by: int, line: int) -> Reference:
        """Return the same reference ``by`` characters further on, in the given line."""
        return replace(self, start=self.start + by, end=self.end + by, line=line)
