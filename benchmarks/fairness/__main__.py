"""What measuring groups costs beside Fairlearn, what a whole assessment takes, and how much memory large files need.

Us: Arrow columns to integer counts, every figure from the counts. Peer: ``fairlearn.metrics.MetricFrame`` in its own
environment, which is built on first use with pip as it is configured here. Limit: counting alone, rows that are
already codes. The same million rows, two attributes of people, six metrics; interleaved; medians of CPU seconds, since
a busy machine stretches wall clocks. Then: all checks on the Taiwan data, and ten million rows from a file.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.fairness import data, large, ours, whole
from benchmarks.peers import cpu, environment, rounds
from benchmarks.report import close, table

PEER = "fairlearn==0.15.0"
ROWS = 1_000_000
ROUNDS = 3
OUR_TURNS = 7
"""How often we are measured for each time that the peer is: it takes minutes, we take milliseconds."""


def against_peer(rows: int, count: int) -> dict[str, float]:
    """Measure us, us with a bootstrap, counting alone and the peer in turns; compare every value."""
    people = data.people(rows)
    taken: dict[str, list[float]] = {"us": [], "us, 100 draws": [], "counting alone": [], "Fairlearn": []}
    codes = people.sex * len(data.RACES) + people.race
    found = ours.measure(people.table())
    difference = 0.0
    script = Path(__file__).with_name("peer.py")
    with tempfile.TemporaryDirectory(prefix="muster-bench-") as name:
        people.save(Path(name))
        for theirs in rounds(environment("fairlearn", PEER), script, Path(name), count):
            taken["Fairlearn"].append(float(str(theirs["cpu"])))
            difference = max(difference, ours.apart(found, theirs["values"]))
            for _ in range(OUR_TURNS):
                given = people.table()
                taken["us"].append(cpu(lambda: ours.measure(given)))  # noqa: B023 - called at once
                taken["us, 100 draws"].append(cpu(lambda: ours.measure(given, draws=100)))  # noqa: B023 - as above
                taken["counting alone"].append(cpu(lambda: ours.count(codes, people.labels, people.predicted)))
    median = {who: statistics.median(seconds) for who, seconds in taken.items()}
    lines = [[who, seconds, seconds / median["us"]] for who, seconds in median.items()]
    print(table(f"{rows:,} rows, sex x race, six metrics, CPU seconds", ["who", "seconds", "over us"], lines))
    print(f"largest difference between our values and Fairlearn's, of {len(found)}: {difference:g}\n")
    return {
        "fairlearn_ratio": median["Fairlearn"] / median["us"],
        "bootstrap_over_plain": median["us, 100 draws"] / median["us"],
        "max_difference": difference,
        "us_s": median["us"],
        "fairlearn_s": median["Fairlearn"],
        "over_counting_alone": median["us"] / median["counting alone"],
    }


def main(rows: int = ROWS, count: int = ROUNDS) -> None:
    figures = against_peer(rows, count)
    seconds, lines = whole.assess()
    print(table("Taiwan, 30,000 rows, every check", ["check", "seconds", "figures", "outcome"], lines))
    print(f"all checks together: {seconds:.1f} s\n")
    peak, took, bytes_a_row = large.measure()
    print(f"{large.ROWS:,} rows from a file in batches: peak {peak:.2f} GiB of the whole process, {took:.1f} s,")
    print(f"{bytes_a_row:.1f} bytes kept a row\n")
    close("fairness", {**figures, "taiwan_seconds": seconds, "peak_gib_10m": peak, "seconds_10m": took})


if __name__ == "__main__":
    if not Path("benchmarks").is_dir():
        sys.exit("run it as: ./run bench fairness")
    main(*map(int, sys.argv[1:]))
