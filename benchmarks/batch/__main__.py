"""Scoring a file: us, pandas with scikit-learn, and the limits, on the same rows of German credit data.

Us: ``muster score`` as a process, with admission, guards, log and checkpoints. Peer: pandas and ``predict_proba`` in
chunks, in its own process, without any of these. Limits: onnxruntime alone on the encoded matrix, one thread, and
pyarrow copying the file. ``over_limit`` is our processor time over that of the matrix and the copy together, for the
model that is slower on it; ``peak_mib`` is the most memory that a process of ours held.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from benchmarks.report import close, table
from benchmarks.serving import house

from muster.adapters.onnx import OnnxPredictor
from muster.settings import Settings
from muster.wiring.scoring import Asked, command, own

MATRIX = 100_000


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="./run bench batch", description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=10_000_000)
    count = parser.parse_args(arguments).rows
    rows, figures = [], {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        walked = house.furnish(folder / "house")
        orders = {each.name: each for each in walked.do("omar", "deployment list")}
        settings = own(Settings(home=walked.home, root=walked.fingerprint))
        walked.close()
        source = folder / "in.parquet"
        write(source, count)
        copied = cpu_s(lambda: copy(source, folder / "copy.parquet"))
        for model in house.LEARNERS:
            asked = Asked(model, str(source), str(folder / f"{model}.parquet"), keep=("id",), quiet=True)
            ours = run(command(settings, asked))
            peer = run(
                [sys.executable, "-m", "benchmarks.batch.peer", model, str(source), str(folder / "peer.parquet")]
            )
            predictor = served(walked.home / "outbox", orders[model].version)
            limit = cpu_s(lambda p=predictor: score(p)) * count / MATRIX
            over = ours[1] / (limit + copied)
            rows.append([model, count / ours[0], ours[1], peer[1], limit, copied, ours[2], peer[2]])
            figures |= {f"rows_per_s_{model}": count / ours[0], f"over_limit_{model}": over}
            figures |= {f"peer_over_ours_{model}": peer[1] / ours[1], f"peak_mib_{model}": ours[2]}
    figures["rows_per_s"] = min(figures[f"rows_per_s_{model}"] for model in house.LEARNERS)
    figures["over_limit"] = max(figures[f"over_limit_{model}"] for model in house.LEARNERS)
    figures["peak_mib"] = max(figures[f"peak_mib_{model}"] for model in house.LEARNERS)
    heads = ("model", "rows/s", "our CPU s", "peer CPU s", "matrix CPU s", "copy CPU s", "our MiB", "peer MiB")
    print(table(f"{count:,} rows", heads, rows))
    close("batch", figures)


def served(outbox: Path, version: str) -> OnnxPredictor:
    """Return the artifact of a version, which lies in the outbox under its digest."""
    for path in outbox.rglob("*"):
        with contextlib.suppress(ValueError, OSError):
            if (found := OnnxPredictor.load(path.read_bytes())).plan.version == version:
                return found
    sys.exit(f"no artifact of {version} is in {outbox}")


def write(path: Path, count: int) -> None:
    """Draw rows from the thousand, in row groups of 250,000."""
    known = house.table().drop_columns([house.TARGET])
    chance = np.random.default_rng(0)
    writer = None
    for at in range(0, count, 500_000):
        size = min(500_000, count - at)
        drawn = known.take(pa.array(chance.integers(0, len(known), size)))
        drawn = drawn.append_column("id", pa.array(np.arange(at, at + size)))
        writer = writer or pq.ParquetWriter(path, drawn.schema)
        writer.write_table(drawn, row_group_size=250_000)
    if writer is not None:
        writer.close()


def copy(source: Path, target: Path) -> None:
    with pq.ParquetFile(source) as file, pq.ParquetWriter(target, file.schema_arrow) as writer:
        for batch in file.iter_batches(65_536):
            writer.write_batch(batch)


def score(predictor: OnnxPredictor) -> None:
    predictor.scores(np.random.default_rng(0).normal(0.0, 1.0, (MATRIX, predictor.plan.width)))


def cpu_s(work: object) -> float:
    begun = time.process_time()
    work()  # type: ignore[operator]
    return time.process_time() - begun


def run(line: Sequence[str]) -> tuple[float, float, float]:
    """Run a process; return seconds, processor seconds and its largest memory, MiB."""
    begun = time.monotonic()
    process = subprocess.Popen(line, stderr=subprocess.DEVNULL)
    _, code, used = os.wait4(process.pid, 0)
    process.returncode = code
    if code:
        sys.exit(f"{line[3:5]} ended with {code}")
    return time.monotonic() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


if __name__ == "__main__":
    main(sys.argv[1:])
