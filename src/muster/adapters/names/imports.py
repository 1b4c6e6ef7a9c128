"""Imports: which distributions hold a module, as a file that is mapped into memory; no index is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import marisa_trie

from muster.adapters.names.build import Origin, write_manifest
from muster.adapters.names.manifest import Manifest, digest_of_file, read_manifest, verify
from muster.adapters.names.snapshot import read_trie
from muster.columns.packages.names import Claim

MODULES = "modules.marisa"
_TAB = "\t"
MOST = 9
"""Distributions of one module that are kept; their place is one digit."""


class Imports:
    """The map of imports (the protocol :class:`~muster.columns.packages.names.ImportMap`), read only.

    Parameters
    ----------
    folder
        Of the map.
    rank
        Place of a distribution among the most used, as the list of names has it.
    """

    def __init__(self, folder: Path, rank: Callable[[str], int | None]) -> None:
        manifest = read_manifest(folder)
        verify(folder, manifest)
        self.digest = manifest.digest
        self.manifest = manifest
        self._claims = read_trie(folder / MODULES, manifest.names)
        self._rank = rank

    def distributions(self, module: str) -> Sequence[Claim]:
        """Return what claims exactly this module, most used first."""
        if _TAB in module or not module.isprintable():
            return ()
        names = (key.rpartition(_TAB)[2] for key in sorted(self._claims.keys(module + _TAB)))
        return tuple(Claim(name, self._rank(name)) for name in names)


def write_imports(folder: Path, origin: Origin, modules: Mapping[str, Sequence[str]]) -> Manifest:
    """Write a map into an empty folder.

    Parameters
    ----------
    modules
        Dotted module to distributions in normal form, most used first; the first few are kept.
    """
    claims = marisa_trie.Trie(
        _TAB.join((module, str(place), name))
        for module, names in modules.items()
        for place, name in enumerate(names[:MOST])
    )
    claims.save(str(folder / MODULES))
    digests = {MODULES: digest_of_file(folder / MODULES)}
    made = Manifest(origin.ecosystem, origin.complete, origin.taken_at, len(claims), origin.source, digests)
    return write_manifest(folder, made)
