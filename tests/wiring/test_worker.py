"""The worker process as it really runs: behind its walls, from training to the served form."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from tests.wiring.test_tasks import BOOSTED, COLUMNS, RULE, TRAINING, VALIDATION, manifest

from muster.adapters.sandbox.executor import SandboxExecutor
from muster.adapters.sandbox.walls import Limits
from muster.ports.executor import TaskFailed
from muster.records.codec import encode
from muster.wiring.worker import _perform, _reason

TRAIN = {"recipe": encode(BOOSTED), "columns": encode(COLUMNS), "decision": encode(RULE)}


def test_a_model_is_trained_and_compiled_behind_the_walls() -> None:
    executor, lines = SandboxExecutor(), list[str]()
    result, files = executor.run("train", TRAIN, {"training.parquet": TRAINING}, lines.append)
    assert result["isolation"]["network"] == "denied by seccomp"
    assert lines == ["training gradient-boosting on 300 rows and 2 inputs"]
    raw = files["model.skops"]
    given = {"model.skops": raw, "rows.parquet": VALIDATION}
    found, made = executor.run("compile", {"manifest": manifest(result, raw)}, given, lines.append)
    assert found["compilation"]["decisions_differing"] == 0
    assert set(made) == {"served.onnx"}


def test_a_hostile_model_file_is_refused_in_words() -> None:
    raw = b"\x80\x04cposix\nsystem\n"
    named = manifest({"inputs": encode(COLUMNS[:2])}, raw)
    with pytest.raises(TaskFailed, match="not a skops model file"):
        SandboxExecutor().run(
            "predict", {"manifest": named}, {"model.skops": raw, "rows.parquet": VALIDATION}, lambda _: None
        )


def test_too_little_memory_is_told() -> None:
    with pytest.raises(TaskFailed, match=f"needs more than its {2**27} bytes of memory"):
        SandboxExecutor(Limits(memory=2**27)).run("train", TRAIN, {"training.parquet": TRAINING}, lambda _: None)


def test_an_unknown_task_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="unknown task 'dance': a worker knows train, predict, compile, search"):
        _perform("dance", {}, tmp_path, io.StringIO())


def test_errors_are_told_apart() -> None:
    told = [_reason(error, Limits()) for error in (ValueError("no column"), KeyError("x"), TypeError("odd"))]
    assert told == ["no column", "the task lacks 'x'", "TypeError: odd"]
    assert "bytes of memory" in _reason(MemoryError(), Limits())
