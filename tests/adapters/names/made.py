"""Small snapshots for tests."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path

from muster.adapters.names.build import Origin, write_snapshot
from muster.adapters.names.snapshot import Snapshot
from muster.columns.packages.listed import Listed
from muster.columns.packages.names import Status
from muster.records.language.packages import Ecosystem

TAKEN = datetime(2026, 11, 23, 10, tzinfo=UTC)
ORIGIN = Origin(Ecosystem.PYPI, complete=True, taken_at=TAKEN, source="file")
NAMES = (
    Listed("requests", 1, date(2011, 2, 14), Status.LISTED, "Apache-2.0"),
    Listed("numpy", 2, licence="BSD-3-Clause"),
    Listed("reqests"),
    Listed("evil", status=Status.QUARANTINED),
    Listed("gone", status=Status.REMOVED, first_upload=date(2026, 11, 1)),
)


def made(folder: Path, names: Iterable[Listed] = NAMES, origin: Origin = ORIGIN) -> Snapshot:
    folder.mkdir(parents=True, exist_ok=True)
    write_snapshot(folder, origin, names)
    return Snapshot.open(folder)
