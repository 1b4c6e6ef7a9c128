"""Modules: which distribution an import comes from."""

from __future__ import annotations

from collections.abc import Iterator

from muster.columns.packages.names import Lists, normal
from muster.columns.packages.reference import Reference
from muster.columns.packages.vocabulary import namespaces
from muster.records.language.packages import Ecosystem


class Modules:
    """Resolves imports: the map of imports first, then the customs by which distributions are named."""

    def __init__(self, lists: Lists) -> None:
        self._imports = lists.imports
        self._names = lists.names.get(Ecosystem.PYPI)

    def distribution(self, reference: Reference) -> str:
        """Return the normal form of the distribution that an import comes from; empty where none is known.

        Of a namespace, every part that is imported must be known, and the first that is not decides.
        """
        module = reference.name
        if module in namespaces.SHARED and reference.members:
            found = [self._of(f"{module}.{member}") for member in reference.members if member != "*"]
            return found[0] if found and all(found) else self._of(module)
        return self._of(module)

    def installed_as(self, name: str) -> str:
        """Return the ranked distribution of a module that somebody asks to be installed; empty where none is."""
        spellings = (name, name.replace("-", "_"), name.lower(), name.lower().replace("-", "_"))
        return next(self._ranked(spellings), "")

    def _ranked(self, modules: tuple[str, ...]) -> Iterator[str]:
        for module in modules:
            yield from (
                claim.distribution for claim in self._imports.distributions(module)[:1] if claim.rank is not None
            )

    def _of(self, module: str) -> str:
        """Return the most used distribution that claims the longest part of a module."""
        unranked = ""
        for prefix in namespaces.prefixes(module):
            claims = self._imports.distributions(prefix)
            if claims and claims[0].rank is not None:
                return claims[0].distribution
            if claims and not unranked:
                unranked = self._same(prefix, claims[0].distribution)
        return self._by_custom(module) or unranked

    def _same(self, module: str, otherwise: str) -> str:
        """Of distributions that nobody ranks, prefer the one that is called as the module is."""
        key = normal(Ecosystem.PYPI, module)
        return key if self._names is not None and key in self._names else otherwise

    def _by_custom(self, module: str) -> str:
        names = self._names
        if names is None:
            return ""
        root = normal(Ecosystem.PYPI, module.partition(".")[0])
        keys = [normal(Ecosystem.PYPI, each) for each in namespaces.candidates(module)]
        known = [key for key in keys if key in names]
        ranked = next((key for key in known if names.rank(key) is not None), "")
        # Only the plain name may be one that nobody ranks: py- and python- before any word are too easily somebody's.
        return ranked or next(
            (key for key in known if key.split("-")[0] == root.split("-")[0] and not key.endswith("-python")), ""
        )
