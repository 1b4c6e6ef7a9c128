"""A contract of our own for import-linter: the libraries that a floor may use, so that a new one must be asked for.

The contract type ``forbidden`` needs a list of everything that must stay out; a floor that may use three libraries is
better served by the list of those three. Direct imports of each module count, deferred and TYPE_CHECKING ones too.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class LibrariesContract(Contract):
    """Modules may import muster, the listed libraries, and the standard library without the listed parts of it."""

    type_name = "libraries"

    source_modules = fields.SetField(subfield=fields.StringField())
    allowed_libraries = fields.SetField(subfield=fields.StringField())
    forbidden_standard_library = fields.SetField(subfield=fields.StringField(), required=False, default=frozenset())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002 - given by import-linter
        """Return every direct import of a library that the floor may not use."""
        faults = sorted(set(self._faults(graph)))
        return ContractCheck(kept=not faults, metadata={"faults": faults})

    def _faults(self, graph: ImportGraph) -> Iterator[tuple[str, str, int]]:
        ours = {name.partition(".")[0] for name in self.source_modules}
        for importer in self._modules(graph):
            for imported in graph.find_modules_directly_imported_by(importer):
                if imported.partition(".")[0] not in ours and not self._allows(imported):
                    for detail in graph.get_import_details(importer=importer, imported=imported):
                        yield importer, imported, detail["line_number"]

    def _modules(self, graph: ImportGraph) -> Iterator[str]:
        for name in self.source_modules:
            if name not in graph.modules:
                msg = f"contract {self.name!r} names {name}, which does not exist: correct it in pyproject.toml"
                raise ValueError(msg)
            yield name
            yield from graph.find_descendants(name)

    def _allows(self, imported: str) -> bool:
        library = imported.partition(".")[0]
        if library in sys.stdlib_module_names:
            return library not in self.forbidden_standard_library
        return library in self.allowed_libraries

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print each import with its line and what to do."""
        for importer, imported, line in check.metadata["faults"]:
            output.print_error(f"{importer} (l.{line}) imports {imported}", bold=False)
        output.print_error("Move what needs it up the tower, or hand it in through a port.", bold=False)


class ConfinedContract(Contract):
    """Each listed library is imported in its home only: ``"mlflow = muster.adapters.mlflow"``; several with commas."""

    type_name = "confined"

    homes = fields.SetField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002 - given by import-linter
        """Return every direct import of a listed library outside its home."""
        faults = sorted(
            (importer, library, home)
            for library, home in (line.split(" = ") for line in self.homes)
            if library in graph.modules
            for importer in graph.find_modules_that_directly_import(library)
            if not any(importer == place or importer.startswith(f"{place}.") for place in home.split(", "))
        )
        return ContractCheck(kept=not faults, metadata={"faults": faults})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print each import and the home of its library."""
        for importer, library, home in check.metadata["faults"]:
            output.print_error(f"{importer} imports {library}, which belongs to {home}", bold=False)
