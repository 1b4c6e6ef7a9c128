"""Window: logged decisions joined with outcomes that came later, and with attributes from their own source."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from muster.columns.arrow import column_of, table_of

KEY = "decision_id"

MODEL_SAID, PEOPLE_SAID = "muster.model_said", "muster.people_said"
"""Columns of a window of all decisions: what the model said (approve, refuse, refer), and people last."""


@dataclass(frozen=True, slots=True)
class Joined:
    """Rows whose outcome is known, and how many stayed without a partner on either side."""

    table: pa.Table
    without_outcome: int
    unknown_decisions: int
    """Outcomes that name a decision which the log does not hold."""
    referred: int = 0
    """Decisions that the model left to a person; they are in no other number, with their outcome or without it."""


def decisions_of(batches: Iterable[Any], *, version: str, prefix: str, inputs: Collection[str] = ()) -> pa.Table:
    """Return all logged decisions of one version, those that were left to a person too.

    Parameters
    ----------
    batches
        Arrow record batches of the inference log; where versions took different inputs, some may be of others.
    version
        Digest of the model version; decisions of others are passed over.
    prefix
        Before the names of inputs in the log; it is taken off.
    inputs
        Only these, where tables of the log hold those of other versions too; all, if it names none.

    Raises
    ------
    ValueError
        If the log holds no decision of the version.
    """
    mine = list(_of_version(batches, version))
    if not mine:
        msg = f"the inference log holds no decision of version {version}"
        raise ValueError(msg)
    return _together(mine, ("score", "favourable"), prefix, inputs)


def with_personal(decisions: pa.Table, batches: Iterable[Any], *, version: str, prefix: str) -> tuple[pa.Table, int]:
    """Add the inputs that are kept apart, where they are known of every decision.

    Returns
    -------
    tuple[pa.Table, int]
        Decisions with those inputs, and 0; or the decisions as they were, and of how many nothing is there: what is
        known of some only would give figures of others than it says.
    """
    mine = list(_of_version(batches, version))
    if not mine:
        return decisions, decisions.num_rows
    apart = _together(mine, (), prefix, ())
    _require_once(apart, "inputs that are kept apart")
    if absent := decisions.num_rows - _shared(decisions, apart):
        return decisions, absent
    fresh = [name for name in apart.column_names if name == KEY or name not in decisions.column_names]
    return decisions.join(apart.select(fresh), KEY, join_type="left outer"), 0


def join_known(decisions: pa.Table, outcomes: Any) -> Joined:
    """Join decisions with late outcomes by decision id.

    Parameters
    ----------
    decisions
        As :func:`decisions_of` gives them. Those that were left to a person are taken out and counted: they say nothing
        of the model.
    outcomes
        Arrow data with ``decision_id``, the target, and attributes by which people are grouped.

    Returns
    -------
    Joined
        A table with inputs under their own names, score, favourable and the columns of ``outcomes``. Where both know a
        column, the log's is kept: it is what the model was given.

    Raises
    ------
    ValueError
        If an outcome stands twice.
    """
    known = _known(outcomes)
    decided = decisions.filter(pc.is_valid(decisions["favourable"]))
    left = decisions.filter(pc.is_null(decisions["favourable"]))
    extra = [name for name in known.column_names if name == KEY or name not in decisions.column_names]
    table = decided.join(known.select(extra), KEY, join_type="inner").sort_by(KEY)
    matched = table.num_rows
    unknown = known.num_rows - matched - _shared(known, left)
    return Joined(table, decided.num_rows - matched, unknown, left.num_rows)


def with_people(decisions: pa.Table, outcomes: Any, said: Mapping[str, str], words: tuple[str, str, str]) -> pa.Table:
    """Return all decisions with what the model and people said of each, and attributes where they are known.

    Parameters
    ----------
    decisions
        As :func:`decisions_of` gives them.
    outcomes
        Arrow data with ``decision_id`` and attributes, of as many of the decisions as are known.
    said
        What people said last, by decision id.
    words
        What a favourable, an adverse and an undecided answer of the model are called.
    """
    favourable = pc.cast(decisions["favourable"], pa.bool_())
    approve, refuse, refer = words
    model = pc.coalesce(pc.if_else(favourable, approve, refuse), pa.scalar(refer))
    people = pa.array([said.get(str(each)) for each in decisions[KEY].to_pylist()], pa.string())
    table = decisions.append_column(MODEL_SAID, model).append_column(PEOPLE_SAID, people)
    known = _known(outcomes)
    extra = [name for name in known.column_names if name == KEY or name not in table.column_names]
    return table.join(known.select(extra), KEY, join_type="left outer").sort_by(KEY)


def _known(outcomes: Any) -> pa.Table:
    known = table_of(outcomes)
    _require_once(known, "outcomes")
    key = column_of(known, KEY)
    return known.set_column(known.column_names.index(KEY), KEY, pc.cast(key, pa.string()))


def _require_once(table: pa.Table, what: str) -> None:
    if pc.count_distinct(column_of(table, KEY)).as_py() != table.num_rows:
        msg = f"{what}: a {KEY} stands in more than one row, or in none; each decision has one outcome"
        raise ValueError(msg)


def _of_version(batches: Iterable[Any], version: str) -> Iterator[pa.Table]:
    """Yield the rows of one version, batch by batch."""
    for batch in batches:
        table = table_of(batch)
        mine = table.filter(pc.equal(pc.cast(column_of(table, "version"), pa.string()), pa.scalar(version)))
        if mine.num_rows:
            yield mine


def _shared(table: pa.Table, other: pa.Table) -> int:
    """Count the rows whose id stands in another table."""
    found: Any = pc.is_in(table[KEY], value_set=other[KEY].combine_chunks())
    return int(found.true_count) if isinstance(found, pa.BooleanArray) else sum(c.true_count for c in found.chunks)


def _together(tables: Sequence[pa.Table], kept: Sequence[str], prefix: str, inputs: Collection[str]) -> pa.Table:
    """Join tables on the columns that all have: what some rows were logged without is absent, which is not missing."""
    there = set.intersection(*(set(table.column_names) for table in tables))
    alike = [table.select([name for name in table.column_names if name in there]) for table in tables]
    return pa.concat_tables([_inputs_of(part, kept, prefix, inputs) for part in alike], promote_options="permissive")


def _inputs_of(table: pa.Table, kept: Sequence[str], prefix: str, inputs: Collection[str]) -> pa.Table:
    """Return the id, some columns, and inputs under their own names."""
    named = {name: name.removeprefix(prefix) for name in table.column_names if name.startswith(prefix)}
    own = [name for name, plain in named.items() if not inputs or plain in inputs]
    return table.select([KEY, *kept, *own]).rename_columns([KEY, *kept, *(named[name] for name in own)])
