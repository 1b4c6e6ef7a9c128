"""Dataset version, its schema, and the contract that it was held against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from muster.records.codec import ADDED, kind


class ColumnType(StrEnum):
    """What a column holds."""

    NUMBER = "number"
    INTEGER = "integer"
    CATEGORY = "category"


class DatasetRole(StrEnum):
    """What a dataset version may be used for; nothing is tuned on held-out rows."""

    TRAINING = "training"
    VALIDATION = "validation"
    HELD_OUT = "held-out"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: name, type, and the values allowed in it."""

    name: str
    type: ColumnType
    nullable: bool = False
    minimum: float | None = None
    maximum: float | None = None
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DataContract:
    """What a dataset must look like; ``digest`` is the SHA-256 of the contract file."""

    name: str
    digest: str
    columns: tuple[Column, ...]
    sensitive: tuple[str, ...] = ()
    """Columns that describe people whom the law or the policy protects."""
    weight: str = field(default="", metadata=ADDED)
    """Column that says how many people a row stands for; empty: one each."""
    time: str = field(default="", metadata=ADDED)
    """Column that says when a row happened; empty: none does."""


@dataclass(frozen=True, slots=True)
class ContractBreach:
    """One way in which data broke its contract; ``rows`` counts the rows concerned."""

    column: str
    rule: str
    rows: int
    first_row: int | None = None


@kind("dataset.snapshotted")
@dataclass(frozen=True, slots=True)
class DatasetVersion:
    """An immutable table: SHA-256 of its Parquet bytes, schema, profile, role and where it came from."""

    name: str
    digest: str
    rows: int
    role: DatasetRole
    columns: tuple[Column, ...]
    sensitive: tuple[str, ...]
    """Columns that describe people whom the law or the policy protects."""
    source: str
    licence: str
    contract: str = ""
    """Digest of the data contract that it was checked against and kept."""
    profile: Mapping[str, Any] | None = None
    parent: str = ""
    """Digest of the dataset version that this one is a part of."""
    weight: str = field(default="", metadata=ADDED)
    """Column that says how many people a row stands for, by its contract; empty: one each."""
    time: str = field(default="", metadata=ADDED)
    """Column that says when a row happened, by its contract; empty: none does."""

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"dataset:{self.digest}"
