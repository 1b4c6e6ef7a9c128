"""What the ledger costs beside the bare database, and how fast everything in it can be checked.

Us: whole appends, from records to acknowledged entries. Peer: a bare SQLite loop that inserts the very same bytes with
the same pragmas. Limits: writing and syncing a file, and SHA-256 over the same bytes. All interleaved; medians of the
rounds. The folder is the system's temporary one: set TMPDIR to measure another disk.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.report import close, table

from muster.adapters.keys import KeyFile
from muster.adapters.signatures import verify
from muster.adapters.sqlite.ledger import SqliteLedger
from muster.records.codec import encode
from muster.records.entry import Entry
from muster.records.evidence import Evidence, Figure, Outcome
from muster.records.trust import Algorithm
from muster.rules.merkle import leaf_hash, root

EACH = (1, 10, 100)
COMMITS = 40
ROUNDS = 5
MANY = 100_000
THREADS = 8
START = datetime(2026, 11, 23, tzinfo=UTC)


def entries(count: int) -> list[Entry]:
    """Make evidence as assessments record it: two figures with intervals, about 700 bytes."""
    made = []
    for number in range(count):
        version = "sha256:" + hashlib.sha256(b"%d" % (number // 20)).hexdigest()
        figures = tuple(
            Figure(name, 0.5 + number % 1000 / 3000, 6000, 0.44, 0.93, f"AGE={low}-{low + 9}")
            for name, low in (("adverse-impact-ratio", 20), ("approval-rate", 30))
        )
        evidence = Evidence(
            version,
            "fairness.adverse-impact",
            1,
            {"by": "AGE"},
            version,
            "held-out",
            "held-out",
            figures,
            Outcome.MEASURED,
        )
        at = START + timedelta(seconds=number)
        made.append(Entry("evidence.recorded", evidence.subject, "ada", at, encode(evidence)))
    return made


class Bare:
    """The same bytes into SQLite, and nothing else."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.execute("PRAGMA synchronous = FULL")
        self.connection.execute("CREATE TABLE ledger(seq INTEGER PRIMARY KEY, entry BLOB NOT NULL)")

    def append(self, raws: list[bytes]) -> None:
        """Insert in one transaction."""
        self.connection.execute("BEGIN IMMEDIATE")
        self.connection.executemany("INSERT INTO ledger(entry) VALUES (?)", [(raw,) for raw in raws])
        self.connection.execute("COMMIT")


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def open_ledger(folder: Path, key: KeyFile) -> SqliteLedger:
    seen = folder / "seen" / "ledger"
    return SqliteLedger(folder / "ledger.sqlite", origin="bench", key=key.key, verify=verify, signer=key, seen=seen)


def sync(folder: Path, count: int) -> None:
    """Write 8 KiB and sync it, which is about what one commit writes to SQLite's log, so many times."""
    with (folder / "synced").open("ab") as file:
        for _ in range(count):
            file.write(bytes(8192))
            file.flush()
            os.fsync(file.fileno())


def appends(folder: Path, key: KeyFile) -> dict[str, float]:
    """Measure appends at several sizes of commit, beside the bare database and the disk."""
    sample = entries(max(EACH) * COMMITS)
    raws = [entry.to_bytes() for entry in sample]
    taken: dict[str, list[float]] = {f"{who}_{each}": [] for each in EACH for who in ("us", "bare", "sync", "sha")}
    bare = Bare(folder / "bare.sqlite")
    with open_ledger(folder, key) as ledger:
        for _ in range(ROUNDS):
            for each in EACH:
                lots = range(0, each * COMMITS, each)
                work: dict[str, Callable[[], object]] = {
                    "us": lambda: [ledger.append(sample[at : at + each]) for at in lots],  # noqa: B023 - called at once
                    "bare": lambda: [bare.append(raws[at : at + each]) for at in lots],  # noqa: B023 - called at once
                    "sha": lambda: [leaf_hash(raw) for raw in raws[: each * COMMITS]],  # noqa: B023 - called at once
                    "sync": lambda: sync(folder, COMMITS),
                }
                for who, doing in work.items():
                    taken[f"{who}_{each}"].append(seconds(doing) / COMMITS)
        crowd = statistics.median(crowded(ledger, sample) for _ in range(ROUNDS))
        ledger.audit()
    return told_appends({name: statistics.median(values) for name, values in taken.items()}, crowd, len(raws[0]))


def told_appends(took: dict[str, float], crowd: float, length: int) -> dict[str, float]:
    """Print the table of appends; return its figures. ``took`` holds seconds a commit."""
    rows: list[list[object]] = [
        [
            str(each),
            each / took[f"us_{each}"],
            each / took[f"bare_{each}"],
            took[f"us_{each}"] / took[f"bare_{each}"],
            1 / took[f"sync_{each}"],
            each / took[f"sha_{each}"],
        ]
        for each in EACH
    ]
    columns = ["a commit", "us /s", "bare SQLite /s", "time over bare", "write + fsync /s", "sha256 /s"]
    print(table(f"appends of {length} bytes, {ROUNDS} rounds of {COMMITS} commits", columns, rows))
    print(f"{THREADS} threads of one entry a commit, sharing commits: {crowd:,.0f} /s\n")
    figures = {f"appends_per_s_{each}": each / took[f"us_{each}"] for each in EACH}
    figures |= {f"bare_per_s_{each}": each / took[f"bare_{each}"] for each in EACH}
    figures["over_bare_insert"] = took["us_100"] / took["bare_100"]
    figures["over_bare_insert_1"] = took["us_1"] / took["bare_1"]
    figures["fsync_per_s"] = 1 / statistics.median(took[f"sync_{each}"] for each in EACH)
    return {**figures, f"appends_per_s_1_by_{THREADS}_threads": crowd}


def crowded(ledger: SqliteLedger, sample: list[Entry]) -> float:
    """Return appends a second by threads that come at the same time, one entry each."""
    share = [sample[at : at + COMMITS] for at in range(0, THREADS * COMMITS, COMMITS)]
    threads = [threading.Thread(target=lambda mine=mine: [ledger.append([entry]) for entry in mine]) for mine in share]

    def run() -> None:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    return THREADS * COMMITS / seconds(run)


def verification(folder: Path, key: KeyFile) -> dict[str, float]:
    """Measure a full check of many entries and ways to open them, beside hashing alone."""
    sample = entries(MANY)
    raws = [entry.to_bytes() for entry in sample]
    taken: dict[str, list[float]] = {name: [] for name in ("full check", "open", "open, no snapshot", "read", "sha256")}
    snapshot = folder / "seen" / "ledger.snapshot"
    with open_ledger(folder, key) as ledger:
        for at in range(0, MANY, 100):
            ledger.append(sample[at : at + 100])
    del sample
    for _ in range(3):
        taken["open"].append(seconds(lambda: open_ledger(folder, key).close()))
        snapshot.unlink()
        begun = time.perf_counter()
        ledger = open_ledger(folder, key)
        taken["open, no snapshot"].append(time.perf_counter() - begun)
        taken["full check"].append(seconds(ledger.audit))
        taken["read"].append(seconds(lambda: sum(1 for _ in ledger.read())))  # noqa: B023 - called at once
        taken["sha256"].append(seconds(lambda: root([leaf_hash(raw) for raw in raws])))
        ledger.close()
    return told_checks({name: statistics.median(values) for name, values in taken.items()}, sum(map(len, raws)))


def told_checks(took: dict[str, float], length: int) -> dict[str, float]:
    """Print the table of checks; return its figures."""
    notes = {
        "full check": f"every entry, leaf and subtree hashed again, {MANY // 100:,} checkpoints opened",
        "open": "from the signed snapshot",
        "open, no snapshot": "everything hashed once",
        "read": "every entry verified and parsed",
        "sha256": "the limit: leaves and tree of the same bytes, in memory",
    }
    rows = [[name, took[name], took[name] / took["sha256"], notes[name]] for name in took]
    print(table(f"{MANY:,} entries, {length / 1e6:.0f} MB", ["what", "seconds", "over sha256", ""], rows))
    return {
        "verify_100k_s": took["full check"],
        "verify_over_sha256": took["full check"] / took["sha256"],
        "sha256_100k_s": took["sha256"],
        "open_100k_s": took["open"],
        "open_100k_without_snapshot_s": took["open, no snapshot"],
        "read_100k_s": took["read"],
    }


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="muster-bench-") as name:
        folder = Path(name)
        key = KeyFile.create(folder / "ledger.pem", Algorithm.ED25519)
        (folder / "appends").mkdir()
        (folder / "verification").mkdir()
        figures = appends(folder / "appends", key)
        close("ledger", {**figures, **verification(folder / "verification", key)})


if __name__ == "__main__":
    main()
