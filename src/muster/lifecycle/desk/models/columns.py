"""Columns: what a model reads, taken from the dataset version that it was trained on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from muster.lifecycle.desk.asking import find_dataset
from muster.lifecycle.desk.context import Context
from muster.records.data import Column, ColumnType, DatasetRole, DatasetVersion


def training_data(context: Context, identifier: str) -> DatasetVersion:
    """Return the dataset version that a model was trained on; raise ValueError where its role is another."""
    data = find_dataset(context, identifier)
    if data.role is not DatasetRole.TRAINING:
        msg = f"dataset {data.name!r} has the role {data.role.value}: train on a version with the role training"
        raise ValueError(msg)
    return data


def input_columns(data: DatasetVersion, inputs: Sequence[str], target: str) -> tuple[Column, ...]:
    """Return the columns that a model reads; raise ValueError naming those that the dataset does not have."""
    known = {column.name: column for column in data.columns}
    if missing := [name for name in (*inputs, target) if name not in known]:
        msg = f"dataset {data.name!r} has no column {', '.join(missing)}; it has {', '.join(known)}"
        raise ValueError(msg)
    if target in inputs:
        msg = f"the target {target!r} is among the inputs: the model would be told the answer"
        raise ValueError(msg)
    return tuple(known[name] for name in inputs)


def require_thresholds(*thresholds: float) -> None:
    """Raise ValueError where a threshold is not among probabilities: everybody would get the same decision."""
    for threshold in thresholds:
        if not 0.0 <= threshold <= 1.0:
            msg = f"the threshold is {threshold:g}: scores are probabilities, so that it must be from 0 to 1"
            raise ValueError(msg)


def require_positive(data: DatasetVersion, rows: bytes, target: str, positive: int | str) -> None:
    """Raise ValueError where no row of a dataset has the positive value: the model cannot have learnt it there."""
    from muster.columns.arrow import equal
    from muster.columns.tables import from_parquet

    if not equal(from_parquet(rows), target, positive).any():
        msg = f"no row of dataset {data.name!r} has {positive!r} as {target}: is the positive value written as there?"
        raise ValueError(msg)


def envelope(columns: tuple[Column, ...], rows: bytes) -> tuple[Column, ...]:
    """Give each number the range that training has seen, which the gateway's envelope guard watches."""
    from muster.columns.parts import ranges
    from muster.columns.tables import from_parquet

    numbers = [column.name for column in columns if column.type is not ColumnType.CATEGORY]
    seen = {name: both for name, both in ranges(from_parquet(rows), numbers).items() if both is not None}
    return tuple(
        replace(column, minimum=seen[column.name][0], maximum=seen[column.name][1]) if column.name in seen else column
        for column in columns
    )
