"""Work: the files of one task, and where it says how far it is."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from muster.ports.executor import Progress


@dataclass(frozen=True, slots=True)
class Work:
    """A task's files, and where it says how far it is."""

    given: Path
    made: Path
    progress: Progress

    def read(self, name: str) -> bytes:
        """Return a file that came with the task; raise ValueError where it did not come."""
        path = self.given / name
        if not path.is_file():
            have = ", ".join(sorted(entry.name for entry in self.given.iterdir())) or "none"
            msg = f"the task needs the file {name}, and it was given {have}"
            raise ValueError(msg)
        return path.read_bytes()

    def table(self, name: str) -> pa.Table:
        """Return a Parquet file that came with the task."""
        raw = self.read(name)
        try:
            return pq.read_table(pa.BufferReader(raw))
        except pa.ArrowInvalid as error:
            msg = f"{name} is not a readable Parquet file: {error}"
            raise ValueError(msg) from None

    def write(self, name: str, content: bytes) -> None:
        """Hand a file back."""
        (self.made / name).write_bytes(content)

    def write_scores(self, name: str, values: NDArray[np.float64]) -> None:
        """Hand scores back as a numpy file."""
        buffer = io.BytesIO()
        np.save(buffer, values, allow_pickle=False)
        self.write(name, buffer.getvalue())
