"""Ten million rows from a Parquet file, in batches, in a process of its own whose peak memory is read at the end."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from benchmarks.fairness import data

from muster.checks.registry import measure as measured
from muster.columns.answers.batches import gather
from muster.columns.sample import Sample
from muster.records.evidence import Outcome
from muster.records.model import DecisionRule, Favourable

ROWS = 10_000_000
EACH = 500_000
ASKED = (
    ("fairness.impact_ratio", {"attribute": "sex"}),
    ("fairness.impact_ratio", {"attribute": "race"}),
    ("fairness.error_rates", {"attribute": "race"}),
    ("performance.decisions", {}),
    ("performance.discrimination", {}),
    ("performance.precision_recall", {}),
    ("performance.calibration", {}),
    ("performance.reliability", {}),
    ("performance.thresholds", {}),
    ("performance.lift", {}),
)


def measure() -> tuple[float, float, float]:
    """Return the peak of the process in GiB, its seconds, and the bytes that it kept a row."""
    with tempfile.TemporaryDirectory(prefix="muster-bench-") as name:
        path = Path(name) / "rows.parquet"
        writer = None
        for seed in range(ROWS // EACH):
            table = data.people(EACH, seed).table()
            writer = writer or pq.ParquetWriter(path, table.schema)
            writer.write_table(table)
        if writer:
            writer.close()
        asked = [sys.executable, "-m", "benchmarks.fairness.large", str(path)]
        said = json.loads(subprocess.run(asked, check=True, stdout=subprocess.PIPE, text=True).stdout)
    return said["peak"], said["seconds"], said["bytes"]


def read(path: Path) -> None:
    """Measure the file and print the peak of this process, interpreter and libraries included."""
    begun = time.perf_counter()
    file = pq.ParquetFile(path, pre_buffer=False)
    table = gather(file.iter_batches(batch_size=100_000), ["score", "label", "sex", "race"])
    sample = Sample.of(
        table, "score", DecisionRule(0.5, Favourable.AT_LEAST), name="large", digest="", role="bench", target="label"
    )
    for name, parameters in ASKED:
        if (found := measured(name, sample, parameters)).outcome is not Outcome.MEASURED:
            sys.exit(f"{name}: {found.reason}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    seconds = time.perf_counter() - begun
    print(json.dumps({"peak": peak, "seconds": seconds, "bytes": table.nbytes / table.num_rows}))


if __name__ == "__main__":
    pa.set_cpu_count(2)
    read(Path(sys.argv[1]))
