"""Data: tables become immutable dataset versions with digest, schema, profile and a kept contract."""

from __future__ import annotations

from dataclasses import dataclass

from muster.lifecycle.desk.action import Download, Upload, action, view
from muster.lifecycle.desk.asking import find_dataset
from muster.lifecycle.desk.context import Context
from muster.records.data import ContractBreach, DataContract, DatasetRole, DatasetVersion
from muster.records.people import Role

MAKERS = (Role.ML_ENGINEER, Role.VALIDATOR)

PARTS = (DatasetRole.TRAINING, DatasetRole.VALIDATION, DatasetRole.HELD_OUT)


@dataclass(frozen=True, slots=True)
class DatasetLine:
    """A dataset version in one line."""

    name: str
    digest: str
    role: str
    rows: int
    columns: int
    sensitive: tuple[str, ...]
    source: str
    licence: str


@action("dataset snapshot", roles=MAKERS)
def snapshot(
    context: Context, table: Upload, contract: DataContract, name: str, source: str, licence: str
) -> DatasetVersion:
    """Take a table in as an immutable dataset version, if it keeps its contract.

    Parameters
    ----------
    table
        A CSV or Parquet file.
    contract
        Columns, types, ranges and which columns are sensitive (Open Data Contract Standard v3.1).
    source, licence
        Where the data comes from and under which licence; evidence rests on it.

    Raises
    ------
    ValueError
        If the file cannot be read or breaks the contract, naming column, rule and first row; nothing is kept.
    """
    from muster.checks.data.contract import breaches
    from muster.columns.profile import Profile
    from muster.columns.tables import read_table, to_parquet

    context.progress(f"reading {table.name}")
    rows = read_table(table.content, table.name)
    if broken := breaches(rows, contract):
        raise ValueError(_broken(contract, broken))
    context.progress(f"profiling {rows.num_rows:,} rows of {rows.num_columns} columns")
    profile = Profile.of(rows, contract.columns)
    digest = context.house.blobs.put(to_parquet(rows))
    version = DatasetVersion(
        name=name,
        digest=digest,
        rows=rows.num_rows,
        role=DatasetRole.SOURCE,
        columns=contract.columns,
        sensitive=contract.sensitive,
        weight=contract.weight,
        time=contract.time,
        source=source,
        licence=licence,
        contract=contract.digest,
        profile=profile.to_body(),
    )
    context.record(version)
    return version


@action("dataset split", roles=MAKERS)
def split(
    context: Context, dataset: str, training: float = 0.5, validation: float = 0.2, held_out: float = 0.3, seed: int = 0
) -> tuple[DatasetVersion, ...]:
    """Split a dataset version at random into training, validation and held-out versions.

    Parameters
    ----------
    dataset
        Digest of the dataset version.
    training, validation, held_out
        Shares that add up to 1. Nothing may be tuned on the held-out rows.
    seed
        Decides which row goes where; the same seed gives the same parts.
    """
    from dataclasses import replace

    from muster.columns.parts import parts
    from muster.columns.profile import Profile
    from muster.columns.tables import from_parquet, to_parquet

    parent = find_dataset(context, dataset)
    table = from_parquet(context.house.blobs.get(parent.digest))
    versions = []
    for role, rows in zip(PARTS, parts(table, (training, validation, held_out), seed), strict=True):
        context.progress(f"{role.value}: {rows.num_rows:,} rows")
        versions.append(
            replace(
                parent,
                name=f"{parent.name}-{role.value}",
                digest=context.house.blobs.put(to_parquet(rows)),
                rows=rows.num_rows,
                role=role,
                profile=Profile.of(rows, parent.columns).to_body(),
                parent=parent.digest,
            )
        )
    context.record(*versions)
    return tuple(versions)


@view("dataset list")
def listed(context: Context) -> tuple[DatasetLine, ...]:
    """List dataset versions, oldest first."""
    return tuple(_line(version) for _, version in context.history(DatasetVersion))


@view("dataset show")
def show(context: Context, dataset: str) -> DatasetVersion:
    """Show a dataset version by digest: schema, profile, contract and origin."""
    return find_dataset(context, dataset)


@view("dataset download", roles=(*MAKERS, Role.AUDITOR))
def download(context: Context, dataset: str) -> Download:
    """Get the rows of a dataset version as Parquet."""
    version = find_dataset(context, dataset)
    content = context.house.blobs.get(version.digest)
    return Download(f"{version.name}.parquet", content, "application/vnd.apache.parquet")


def _line(version: DatasetVersion) -> DatasetLine:
    return DatasetLine(
        version.name,
        version.digest,
        version.role.value,
        version.rows,
        len(version.columns),
        version.sensitive,
        version.source,
        version.licence,
    )


def _broken(contract: DataContract, broken: list[ContractBreach] | tuple[ContractBreach, ...]) -> str:
    told = "; ".join(
        f"column {breach.column!r}: {breach.rule}"
        + (f" ({breach.rows} rows, first row {breach.first_row})" if breach.first_row is not None else "")
        for breach in broken[:8]
    )
    more = f"; and {len(broken) - 8} more" if len(broken) > 8 else ""
    return f"the data breaks contract {contract.name!r}: {told}{more}. Mend the data or the contract; nothing was kept"
