from __future__ import annotations

import os
import time

from muster.gateway.operations.usage import of_process


def told() -> dict[str, float]:
    return {sample.family: sample.value for sample in of_process()}


def test_a_process_tells_what_it_uses() -> None:
    before = told()
    descriptor = os.open(os.devnull, os.O_RDONLY)
    while time.process_time() < before["process_cpu_seconds"] + 0.02:
        pass
    after = told()
    os.close(descriptor)
    assert after["process_cpu_seconds"] > before["process_cpu_seconds"]
    assert after["process_open_descriptors"] == before["process_open_descriptors"] + 1
    assert after["process_resident_bytes"] > 1e6
    assert after["process_start_timestamp_seconds"] <= time.time()
    assert after["build_info"] == 1.0
