"""How a check is declared: a function, its name and version, and the parameters that it knows."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from muster.columns.sample import Sample
from muster.records.evidence import Measurement, Outcome

Function = Callable[[Sample, Mapping[str, Any]], Measurement]


@dataclass(frozen=True, slots=True)
class Check:
    """A declared check. Its version rises whenever the same sample could give other figures."""

    name: str
    version: int
    parameters: tuple[str, ...]
    required: tuple[str, ...]
    function: Function

    @property
    def documentation(self) -> str:
        """The docstring of its function, for the command line and the reference pages."""
        return inspect.cleandoc(self.function.__doc__ or "")

    @property
    def summary(self) -> str:
        """First line of the documentation."""
        return self.documentation.partition("\n")[0]

    def measure(self, sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
        """Measure, or say why it cannot be measured: bad input and parameters give NOT_MEASURED with the reason."""
        try:
            self._accept(parameters)
            return self.function(sample, parameters)
        except ValueError as problem:
            return Measurement((), Outcome.NOT_MEASURED, reason=str(problem))

    def _accept(self, parameters: Mapping[str, Any]) -> None:
        if unknown := sorted(set(parameters) - set(self.parameters)):
            known = ", ".join(self.parameters) or "none"
            msg = f"check {self.name} has no parameter {', '.join(unknown)}; it knows {known}"
            raise ValueError(msg)
        if absent := [name for name in self.required if name not in parameters]:
            msg = f"check {self.name} needs the parameter {', '.join(absent)}"
            raise ValueError(msg)


def check(
    name: str, *, version: int, parameters: tuple[str, ...] = (), required: tuple[str, ...] = ()
) -> Callable[[Function], Check]:
    """Declare a function as a check; ``parameters`` are optional, ``required`` are not."""

    def declare(function: Function) -> Check:
        return Check(name, version, (*required, *parameters), required, function)

    return declare
