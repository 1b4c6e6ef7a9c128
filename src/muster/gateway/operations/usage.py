"""Usage: what a process takes of its machine."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from muster.gateway.operations.families import Sample

_BEGAN = time.time()
_PAGE = os.sysconf("SC_PAGE_SIZE")


def of_process() -> Iterator[Sample]:
    """Tell what this process uses."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    yield Sample("process_cpu_seconds", value=used.ru_utime + used.ru_stime)
    yield Sample("process_start_timestamp_seconds", value=_BEGAN)
    yield Sample("build_info", (version("muster-ml"),), 1.0)
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        yield Sample("process_resident_bytes", value=float(pages * _PAGE))
        yield Sample("process_open_descriptors", value=float(sum(1 for _ in Path("/proc/self/fd").iterdir())))
    except OSError:
        return  # a machine without /proc: they are left out
