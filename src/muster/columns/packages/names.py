"""Lists of names: what a snapshot of an index must answer, and which package a module comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from muster.records.language.packages import Ecosystem


class Status(StrEnum):
    """What the index itself says of a name."""

    LISTED = "listed"
    REMOVED = "removed"
    QUARANTINED = "quarantined"


class NameList(Protocol):
    """A snapshot of an index. Every name is given and answered in the normal form of :func:`normal`."""

    @property
    def ecosystem(self) -> Ecosystem:
        """The index that it is of."""
        ...

    @property
    def digest(self) -> str:
        """SHA-256 over the snapshot, as ``sha256:HEX``."""
        ...

    @property
    def taken_at(self) -> datetime:
        """When it was taken, in UTC."""
        ...

    @property
    def complete(self) -> bool:
        """Whether it holds every name, so that a name missing from it does not exist."""
        ...

    def __contains__(self, name: str) -> bool:
        """Whether the name is on the index, exactly; a removed name may be here, with its status."""
        ...

    def rank(self, name: str) -> int | None:
        """Return the place among the most used, 1 first; None where it is not among those that are ranked."""
        ...

    def first_upload(self, name: str) -> datetime | None:
        """Return when the name first appeared; None where that is not known."""
        ...

    def status(self, name: str) -> Status:
        """Return what the index says of the name."""
        ...

    def licence(self, name: str) -> str:
        """Return the SPDX expression; empty where it is not known."""
        ...

    def near(self, name: str, distance: int, popular: int) -> Sequence[str]:
        """Return names among the ``popular`` most used within so many edits (a swap is one), most used first."""
        ...


@dataclass(frozen=True, slots=True)
class Claim:
    """That a distribution holds a module."""

    distribution: str
    """Normal form of the name."""
    rank: int | None = None
    """Place among the most used; None where it is not ranked."""


class ImportMap(Protocol):
    """Which distributions hold a module."""

    @property
    def digest(self) -> str:
        """SHA-256 over the map, as ``sha256:HEX``."""
        ...

    def distributions(self, module: str) -> Sequence[Claim]:
        """Return what claims exactly this dotted module, as it is written in code, most used first; empty if none."""
        ...


@dataclass(frozen=True, slots=True)
class Lists:
    """What references are held against; an ecosystem without a list gives verdict unknown."""

    names: Mapping[Ecosystem, NameList]
    imports: ImportMap


def normal(ecosystem: Ecosystem, name: str) -> str:
    """Return the form in which an index compares names: PEP 503 for Python's, lower case for the others."""
    lower = name.strip().lower()
    if ecosystem is not Ecosystem.PYPI:
        return lower
    return "-".join(part for part in lower.replace("_", "-").replace(".", "-").split("-") if part)
