"""Lists of records that are too wide for a table: the columns that people look for, of each type."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from rich.console import Console

from muster.cli.render.plain import columns
from muster.cli.render.registry import RENDERERS
from muster.lifecycle.data import DatasetLine
from muster.lifecycle.desk.roots import OfferedKey
from muster.lifecycle.intake import TieredUseCase
from muster.records.data import DatasetVersion
from muster.records.policy import Policy
from muster.rules.gate.measured import demands_of

Column = Callable[[Any], Any]

_DATASET: dict[str, Column] = {
    "name": lambda version: version.name,
    "digest": lambda version: version.digest,
    "role": lambda version: version.role,
    "rows": lambda version: version.rows,
}

COLUMNS: dict[type, dict[str, Column]] = {
    TieredUseCase: {
        "id": lambda tiered: tiered.use_case.id,
        "tier": lambda tiered: tiered.tier,
        "domain": lambda tiered: tiered.use_case.domain,
        "autonomy": lambda tiered: tiered.use_case.autonomy,
        "jurisdictions": lambda tiered: tiered.use_case.jurisdictions,
        "owner": lambda tiered: tiered.use_case.owner,
    },
    DatasetVersion: {**_DATASET, "columns": lambda version: len(version.columns)},
    DatasetLine: {**_DATASET, "columns": lambda line: line.columns, "licence": lambda line: line.licence},
    OfferedKey: {
        "actor": lambda line: line.actor,
        "key": lambda line: line.key,
        "at": lambda line: line.at,
        "state": lambda line: line.state,
    },
    Policy: {
        "id": lambda policy: policy.id,
        "environment": lambda policy: policy.environment,
        "controls": lambda policy: len(demands_of(policy)),
        "sign-offs": lambda policy: [f"{sign_off.count} {sign_off.role.value}" for sign_off in policy.sign_offs],
        "library": lambda policy: policy.library,
        "local mode counts": lambda policy: policy.local_mode,
    },
}
"""What is shown of lists of these types, by column title."""


def _renderer(shown: dict[str, Column]) -> Callable[[Sequence[Any], Console], None]:
    def render(records: Sequence[Any], console: Console) -> None:
        console.print(
            columns([{title: of(record) for title, of in shown.items()} for record in records], console.width)
        )

    return render


RENDERERS.update({(kind,): _renderer(shown) for kind, shown in COLUMNS.items()})
