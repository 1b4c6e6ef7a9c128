"""Registry: the tool in which a team tracks runs and registers models (MLflow first)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Held:
    """What a registry holds of a version at this moment; anybody who can write to it may have changed it."""

    tag: str
    """Of the version: which one it says it is."""
    files: Mapping[str, str]
    """Digests by name."""
    metrics: Mapping[str, float]
    """Of the run that it came from."""


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

    def holds(self, model: str, run: str, tag: str) -> Held | None:
        """Return what is held under the references of a version and its run; None if those are of another registry.

        ``tag`` is the tag of the version that is asked for. Raises LookupError if the registry has them no more.
        """
        ...
