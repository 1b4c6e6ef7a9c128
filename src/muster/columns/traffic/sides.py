"""Side: what one version decided and refused in a time, added up batch by batch from rows as the log has them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from muster.columns.arrow import Floats


@dataclass(slots=True)
class Side:
    """What is known of one version."""

    scores: list[Any] = field(default_factory=list)
    latencies: list[Any] = field(default_factory=list)
    """Microseconds."""
    favoured: int = 0
    decided: int = 0
    """Rows that were not left to a person."""
    rows: int = 0
    faults: int = 0
    """Rows that the model failed on."""
    refused: int = 0
    """Rows that guards refused."""
    groups: dict[str, list[int]] = field(default_factory=dict)
    """Favoured and decided, by group."""

    def take(self, batch: Any, groups: str = "") -> None:
        """Add decisions: ``score``, ``favourable``, ``latency_us``, and the column of groups where one is named."""
        favourable = batch.column("favourable")
        self.rows += batch.num_rows
        self.decided += batch.num_rows - favourable.null_count
        self.favoured += pc.sum(favourable).as_py() or 0
        self.scores.append(batch.column("score").to_numpy())
        self.latencies.append(batch.column("latency_us").to_numpy())
        if groups and groups in batch.column_names:
            self._group(pc.cast(batch.column(groups), pa.string()), favourable)

    def join(self, other: Side) -> None:
        """Add another part of what the same version did."""
        self.scores += other.scores
        self.latencies += other.latencies
        for name in ("favoured", "decided", "rows", "faults", "refused"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for group, (favoured, decided) in other.groups.items():
            counts = self.groups.setdefault(group, [0, 0])
            counts[0] += favoured
            counts[1] += decided

    def pressed(self) -> Side:
        """Return the same with one array of scores and one of latencies, which share nothing with what was read."""
        self.scores, self.latencies = [joined(self.scores)], [joined(self.latencies)]
        return self

    def _group(self, told: Any, favourable: Any) -> None:
        table = pa.table({"group": told, "favourable": pc.cast(favourable, pa.int64())})
        table = table.filter(pc.and_(pc.is_valid(table.column("group")), pc.is_valid(table.column("favourable"))))
        counted = table.group_by("group").aggregate([("favourable", "sum"), ("favourable", "count")])
        for row in counted.to_pylist():
            counts = self.groups.setdefault(row["group"], [0, 0])
            counts[0] += row["favourable_sum"]
            counts[1] += row["favourable_count"]


def joined(parts: Iterable[Any]) -> Floats:
    """Return arrays as one of float64, shape (rows,); empty where there are none."""
    found = list(parts)
    return np.concatenate(found).astype(np.float64) if found else np.empty(0)
