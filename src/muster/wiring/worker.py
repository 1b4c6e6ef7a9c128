"""Worker process: puts up its walls, reads one task from standard input, does it, and answers in JSON lines.

Run by ``muster.adapters.sandbox.executor`` as ``python -I -m muster.wiring.worker WALLS``. The first line that it
writes says what it is kept from; then come progress lines, then one result or one error.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import IO, Any

from muster.adapters.sandbox.walls import Limits, raise_walls


def main() -> int:
    """Do one task; return the exit code, 0 with a result and 1 without."""
    # Libraries print what they like; the protocol gets a descriptor that they do not know.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    given = json.loads(sys.argv[1])
    folder, limits = Path(given["folder"]), Limits(**given["limits"])
    try:
        walls = raise_walls(Path(given["package"]), folder, limits, best_effort=given["best_effort"])
        _say(answers, isolation=walls)
        request = json.load(sys.stdin)
        _say(answers, result=_perform(request["task"], request["arguments"], folder, answers))
    except Exception as error:  # noqa: BLE001 - whatever a model or library raises must reach the person who asked
        _say(answers, error=_reason(error, limits))
        return 1
    return 0


def _reason(error: Exception, limits: Limits) -> str:
    if isinstance(error, MemoryError) or (isinstance(error, ImportError) and "failed to map" in str(error)):
        return f"the task needs more than its {limits.memory} bytes of memory"
    if isinstance(error, KeyError):
        return f"the task lacks {error}"
    if isinstance(error, (ValueError, PermissionError)):
        return str(error)
    return f"{type(error).__name__}: {error}"


def _perform(task: str, arguments: dict[str, Any], folder: Path, answers: IO[str]) -> dict[str, Any]:
    from muster.wiring.inside.work import Work  # only now: they load libraries, and the walls stand
    from muster.wiring.tasks import TASKS

    if task not in TASKS:
        msg = f"unknown task {task!r}: a worker knows {', '.join(TASKS)}"
        raise ValueError(msg)
    work = Work(folder / "in", folder / "out", lambda line: _say(answers, progress=line))
    return TASKS[task](arguments, work)


def _say(answers: IO[str], **message: Any) -> None:
    answers.write(json.dumps(message, allow_nan=False) + "\n")
    answers.flush()


if __name__ == "__main__":
    sys.exit(main())
