"""Build the lists of package names that ship with muster, out of tables that you bring; nothing here asks an index.

    python -m scripts.starter_packages --pypi names.tsv --npm names.tsv --modules modules.sqlite --taken 2026-11-23

``--pypi`` and ``--npm`` are tables with tabs that `muster packages import` reads: names with a rank, or with downloads.
``--modules`` is the database of pigar (tables ``distributions`` and ``top_level_module_names``): of it, only the facts
which of the most used distributions holds which module are taken, where the module's own name does not tell.
"""

# ruff: noqa: D103, INP001, T201 - a script: its docstring says what it does, and it prints

from __future__ import annotations

import argparse
import keyword
import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from muster.adapters.names.build import Origin, write_snapshot
from muster.adapters.names.imports import write_imports
from muster.adapters.packageindex.files import Brought
from muster.columns.packages.listed import Listed
from muster.columns.packages.names import normal
from muster.records.language.packages import Ecosystem

ROOT = Path(__file__).parents[1]
INTO = ROOT / "src/muster/assets/packages"
BY_HAND = Path(__file__).with_name("imports_by_hand.tsv")
MOST = {Ecosystem.PYPI: 15_000, Ecosystem.NPM: 5_000}
PER_MODULE = 3
"""Distributions that are kept of one module."""
GENERIC = 200
"""A module that so many distributions claim, though none is named like it, is a slip of their packaging."""
PROVIDERS = "apache-airflow-providers-"
Modules = dict[str, list[str]]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pypi", type=Path, required=True)
    parser.add_argument("--npm", type=Path, required=True)
    parser.add_argument("--modules", type=Path, required=True)
    parser.add_argument("--into", type=Path, default=INTO, help="folder of the lists")
    parser.add_argument("--taken", type=datetime.fromisoformat, required=True, help="day of the tables")
    asked = parser.parse_args(arguments)
    taken = asked.taken.replace(tzinfo=UTC)
    by_hand = list(_by_hand())
    ranks: Mapping[str, int] = {}
    for ecosystem, table in ((Ecosystem.NPM, asked.npm), (Ecosystem.PYPI, asked.pypi)):
        named = {name for _, name in by_hand} if ecosystem is Ecosystem.PYPI else set()
        names = list(_most_used(Brought(table, ecosystem), named))
        origin = Origin(ecosystem, complete=False, taken_at=taken, source="starter")
        write_snapshot(_empty(asked.into / ecosystem.value), origin, names)
        ranks = {listed.name: listed.rank for listed in names if listed.rank}
        print(f"{ecosystem.value}: {len(names):,} names")
    modules = chosen(_claims(asked.modules, ranks), ranks, by_hand)
    write_imports(
        _empty(asked.into / "imports"),
        Origin(Ecosystem.PYPI, complete=False, taken_at=taken, source="starter"),
        modules,
    )
    print(f"imports: {len(modules):,} modules")
    print(f"{sum(path.stat().st_size for path in asked.into.rglob('*') if path.is_file()) / 1024:,.0f} KiB in all")


def chosen(claims: Modules, ranks: Mapping[str, int], by_hand: Sequence[tuple[str, str]]) -> Modules:
    """Return the modules whose name does not tell the distribution, each with the most used that claim it."""
    found: Modules = defaultdict(list)
    for module, name in by_hand:
        found[module].append(name)
    for name in ranks:
        if name.startswith(PROVIDERS):
            found[f"airflow.providers.{name.removeprefix(PROVIDERS).replace('-', '.')}"].append(name)
    for module, names in claims.items():
        own = normal(Ecosystem.PYPI, module)
        # Of two that are used alike, such as a package and its slim edition, the one named like the module is meant.
        order = [name for _, name in sorted((ranks[name] / (2 if name == own else 1), name) for name in names)]
        if order[0] != own:
            found[module].extend(name for name in order[:PER_MODULE] if name not in found[module])
    return {module: names[: PER_MODULE + 1] for module, names in found.items()}


def _claims(database: Path, ranks: Mapping[str, int]) -> Modules:
    """Return modules with the ranked distributions that say they hold them."""
    pairs = """SELECT m.name, d.name FROM top_level_module_names m JOIN distributions d ON d.id = m.distribution_id"""
    count: dict[str, int] = defaultdict(int)
    claims: dict[str, set[str]] = defaultdict(set)
    with sqlite3.connect(database) as opened:
        for module, written in opened.execute(pairs):
            count[module] += 1
            name = normal(Ecosystem.PYPI, written)
            if name in ranks and _importable(module):
                claims[module].add(name)
    generic = {module for module, claimed in count.items() if claimed > GENERIC and module not in _NAMESPACES}
    return {module: sorted(names) for module, names in claims.items() if module not in generic}


_NAMESPACES = frozenset({"airflow", "aws_cdk", "azure", "google", "nvidia", "odoo", "tencentcloud", "winrt", "zope"})
"""Claimed by many, and rightly."""


def _importable(module: str) -> bool:
    parts = module.split(".")
    return all(part.isidentifier() and not keyword.iskeyword(part) for part in parts) and module[:2] != "__"


def _most_used(table: Brought, named: set[str]) -> Iterator[Listed]:
    for listed in table.names():
        if listed.rank is not None and listed.rank <= MOST[table.ecosystem]:
            yield Listed(listed.name, listed.rank)
        elif listed.name in named:
            yield Listed(listed.name)


def _by_hand() -> Iterator[tuple[str, str]]:
    for line in BY_HAND.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            module, name = line.split("\t")
            yield module, normal(Ecosystem.PYPI, name)


def _empty(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


if __name__ == "__main__":
    main()
