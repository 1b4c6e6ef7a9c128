"""Reader of the log: the batches of a deployment, from segments that are closed, growing, or left by a dead writer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from muster.adapters.arrowlog.segment import BATCH_ID, Place, decoded, encoded
from muster.ports.log import Stream


class ArrowLogReader:
    """Reads what any number of gateways logged into one folder.

    Parameters
    ----------
    folder
        Folder of the log.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def deployments(self) -> list[str]:
        """Return the deployments that have rows here."""
        folders = self._folder.glob("d-*") if self._folder.is_dir() else ()
        return sorted(decoded(folder.name) for folder in folders)

    def batches(self, deployment: str, stream: Stream = Stream.DECISIONS) -> Iterator[pa.RecordBatch]:
        """Yield the record batches of a deployment, oldest segment first, repeats dropped.

        A last batch that is torn, because its writer was killed or is still writing it, was never acknowledged and is
        left out. Raise ValueError where a closed segment does not hold the rows that it was closed with.
        """
        seen: set[bytes] = set()
        for place in self._places(deployment, stream):
            rows = 0
            for batch_id, batch in _read(place):
                rows += batch.num_rows
                if batch_id not in seen:
                    seen.add(batch_id)
                    yield batch
            if place.rows is not None and rows != place.rows:
                msg = (
                    f"segment {place.path} holds {rows} rows, but was closed with {place.rows}: restore it from a copy"
                )
                raise ValueError(msg)

    def _places(self, deployment: str, stream: Stream) -> list[Place]:
        folder = self._folder / encoded(deployment) / stream.value
        files = folder.iterdir() if folder.is_dir() else ()
        return sorted(filter(None, map(Place.read, files)), key=lambda place: place.path.name)


def _read(place: Place) -> Iterator[tuple[bytes, pa.RecordBatch]]:
    """Yield batches with their ids, up to the first that cannot be read."""
    try:
        source = pa.memory_map(str(_present(place.path)))
    except ValueError:
        return  # an empty file: its writer has not come to the first batch
    with source:
        try:
            reader = pa.ipc.open_stream(source)
            while True:
                found = reader.read_next_batch_with_custom_metadata()
                yield found.custom_metadata[BATCH_ID], found.batch
        except (StopIteration, pa.ArrowException, OSError):
            return


def _present(path: Path) -> Path:
    """Return where a segment is now: a growing one may have been closed since the folder was listed."""
    if path.exists():
        return path
    renamed = [found for found in path.parent.glob(f"{path.stem}.*") if found.suffix == ".arrows"]
    return renamed[0] if renamed else path
