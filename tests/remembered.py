"""A registry that keeps what it is told in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass
class RememberedRegistry:
    """A registry that keeps what it is told; the real one has tests of its own."""

    tracked: list[dict[str, Any]] = field(default_factory=list)
    registered: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def track(self, experiment: str, run_name: str, parameters: Any, metrics: Any, tags: Mapping[str, str]) -> str:
        self.tracked.append({"experiment": experiment, "run": run_name, **parameters, **metrics, **tags})
        return f"remembered:{run_name}"

    def register(self, model: str, run: str, files: Mapping[str, bytes], tags: Mapping[str, str]) -> str:
        kept = {"run": run, "files": ",".join(files), **tags}
        self.registered.append((f"remembered:{model}/{len(self.registered) + 1}", kept))
        return self.registered[-1][0]

    def holds(self, model: str, run: str, tag: str) -> None:
        assert model != run, "what it held ends with the process that it was told in"
        assert tag

    def find_runs(self, tag: str, value: str) -> tuple[str, ...]:
        return tuple(f"remembered:{run['run']}" for run in self.tracked if run.get(tag) == value)

    def find(self, tag: str, value: str) -> tuple[str, ...]:
        return tuple(reference for reference, tags in self.registered if tags.get(tag) == value)
