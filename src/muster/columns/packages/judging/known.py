"""Names that a policy lists: ``name`` in any ecosystem, or ``pypi:name`` in one."""

from __future__ import annotations

from collections.abc import Iterable

from muster.columns.packages.names import normal
from muster.records.language.packages import Ecosystem


class Known:
    """A set of names in normal form, for each ecosystem."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names: set[tuple[Ecosystem, str]] = set()
        for entry in names:
            prefix, colon, rest = entry.partition(":")
            kinds = [Ecosystem(prefix)] if colon and prefix in {kind.value for kind in Ecosystem} else list(Ecosystem)
            bare = rest if len(kinds) == 1 else entry
            self._names.update((kind, normal(kind, bare)) for kind in kinds)

    def has(self, ecosystem: Ecosystem, name: str) -> bool:
        """Whether the name is listed, in any spelling."""
        return (ecosystem, normal(ecosystem, name)) in self._names
