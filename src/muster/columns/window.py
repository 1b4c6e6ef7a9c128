"""Window: logged decisions joined with outcomes that came later, and with attributes from their own source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from muster.columns.arrow import column_of, table_of

KEY = "decision_id"


@dataclass(frozen=True, slots=True)
class Joined:
    """Rows whose outcome is known, and how many stayed without a partner on either side."""

    table: pa.Table
    without_outcome: int
    unknown_decisions: int
    """Outcomes that name a decision which the log does not hold."""


def join_outcomes(batches: Iterable[Any], outcomes: Any, *, version: str, prefix: str) -> Joined:
    """Join one version's logged decisions with late outcomes by decision id.

    Parameters
    ----------
    batches
        Arrow record batches of the inference log.
    outcomes
        Arrow data with ``decision_id``, the target, and attributes by which people are grouped.
    version
        Digest of the model version; decisions of others are passed over.
    prefix
        Before the names of inputs in the log; it is taken off.

    Returns
    -------
    Joined
        A table with inputs under their own names, score, favourable and the columns of ``outcomes``. Where both know a
        column, the log's is kept: it is what the model was given.

    Raises
    ------
    ValueError
        If the log holds no decision of the version, or an outcome stands twice.
    """
    logged = [table_of(batch) for batch in batches]
    mine = [part for part in (table.filter(_decided(table, version)) for table in logged) if part.num_rows]
    if not mine:
        msg = f"the inference log holds no decision of version {version}"
        raise ValueError(msg)
    kept = [KEY, "score", "favourable", *(name for name in mine[0].column_names if name.startswith(prefix))]
    decisions = pa.concat_tables([part.select(kept) for part in mine])
    decisions = decisions.rename_columns([name.removeprefix(prefix) for name in kept])
    known = table_of(outcomes)
    keys = column_of(known, KEY)
    if pc.count_distinct(keys).as_py() != known.num_rows:
        msg = f"outcomes: a {KEY} stands in more than one row, or in none; each decision has one outcome"
        raise ValueError(msg)
    extra = [name for name in known.column_names if name == KEY or name not in decisions.column_names]
    table = decisions.join(known.select(extra), KEY, join_type="inner").sort_by(KEY)
    matched = table.num_rows
    return Joined(table, decisions.num_rows - matched, known.num_rows - matched)


def _decided(table: pa.Table, version: str) -> Any:
    """Tell which rows the version decided: not those that were left to a person, for they say nothing of the model."""
    mine = pc.equal(pc.cast(column_of(table, "version"), pa.string()), pa.scalar(version))
    return pc.and_(mine, pc.is_valid(column_of(table, "favourable")))
