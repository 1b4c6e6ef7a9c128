"""Executor: where code runs that touches models, apart from keys and network."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

Progress = Callable[[str], None]
"""Told one line of plain words at each step of long work."""


class TaskFailed(RuntimeError):  # noqa: N818 - named for what happened
    """The task ended without a result; the message says why, in words for the person who asked."""


class Executor(Protocol):
    """Runs a named task in a worker process; only plain JSON values and bytes go in and come out."""

    def run(
        self, task: str, arguments: Mapping[str, Any], files: Mapping[str, bytes], progress: Progress
    ) -> tuple[dict[str, Any], dict[str, bytes]]:
        """Return the task's result and the files that it made; raise TaskFailed."""
        ...
