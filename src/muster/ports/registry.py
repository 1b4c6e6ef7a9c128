"""Registry: the tool in which a team tracks runs and registers models (MLflow first)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol


class Registry(Protocol):
    """Tracking and model registry. What it says is never an identity: that is the artifact digest."""

    def track(
        self,
        experiment: str,
        run_name: str,
        parameters: Mapping[str, Any],
        metrics: Mapping[str, float],
        tags: Mapping[str, str],
    ) -> str:
        """Log a finished run; return a reference such as ``mlflow:RUN_ID``."""
        ...

    def register(self, model: str, run: str, files: Mapping[str, bytes], tags: Mapping[str, str]) -> str:
        """Log the files as a model of that run and register it; return a reference such as ``mlflow:NAME/1``."""
        ...

    def find_runs(self, tag: str, value: str) -> tuple[str, ...]:
        """Return references of finished runs that carry a tag, oldest first."""
        ...

    def find(self, tag: str, value: str) -> tuple[str, ...]:
        """Return references of registered models that carry a tag, oldest first."""
        ...
