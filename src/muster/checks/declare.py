"""How a check is declared: a function, its name and version, and the parameters that it knows."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from muster.checks.sound import faults
from muster.columns.sample import Sample
from muster.records.evidence import Measurement, Outcome

Function = Callable[[Sample, Mapping[str, Any]], Measurement]

UNWEIGHTED = "The weights of the sample are not used: every row counts once."


@dataclass(frozen=True, slots=True)
class Check:
    """A declared check. Its version rises whenever the same sample could give other figures."""

    name: str
    version: int
    parameters: tuple[str, ...]
    required: tuple[str, ...]
    function: Function
    origin: str = ""
    """Distribution and version that it came with, such as ``acme-checks 1.2``; empty for our own."""
    weighted: bool = False
    """Whether it lets rows count by the weights of a sample; where it does not, the method says so."""
    every_decision: bool = False
    """Whether it looks at all decisions of a window, also those of which no outcome is known."""

    @property
    def documentation(self) -> str:
        """The docstring of its function, for the command line and the reference pages."""
        return inspect.cleandoc(self.function.__doc__ or "")

    @property
    def summary(self) -> str:
        """First line of the documentation."""
        return self.documentation.partition("\n")[0]

    def explain(self, parameter: str) -> str:
        """Return what the documentation says of one parameter: the clause that begins with its name in backquotes."""
        prose = " ".join(self.documentation.split())
        found = re.search(rf"``{re.escape(parameter)}``(.*?)(?:;|\.(?=\s|$)|$)", prose)
        return found[1].lstrip(":, ").strip() if found else ""

    def measure(self, sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
        """Measure, or say why it cannot be measured.

        Bad input and parameters give NOT_MEASURED with the reason. So do figures that no ledger could hold, and, where
        somebody else wrote the check, any error in it: one foreign check must not cost the evidence of all others.
        """
        try:
            self._accept(parameters)
            measurement = self.function(sample, parameters)
        except ValueError as problem:
            return Measurement((), Outcome.NOT_MEASURED, reason=str(problem) or f"check {self.name} gave no reason")
        except Exception as problem:
            if not self.origin:
                raise
            reason = f"check {self.name} of {self.origin} failed: {type(problem).__name__}: {problem}"
            return Measurement((), Outcome.NOT_MEASURED, reason=reason)
        return self._vouched(self._unweighted(measurement, sample))

    def _unweighted(self, measurement: Measurement, sample: Sample) -> Measurement:
        if self.weighted or sample.raw_weights is None or measurement.outcome is not Outcome.MEASURED:
            return measurement
        return replace(measurement, method=f"{measurement.method} {UNWEIGHTED}".lstrip())

    def _vouched(self, measurement: Measurement) -> Measurement:
        if found := faults(measurement):
            of = f" of {self.origin}" if self.origin else ""
            reason = f"check {self.name}{of} is at fault: {found[0]}"
            return Measurement((), Outcome.NOT_MEASURED, reason=reason)
        if not self.origin:
            return measurement
        return replace(measurement, method=f"{measurement.method} Check of {self.origin}.".lstrip())

    def _accept(self, parameters: Mapping[str, Any]) -> None:
        if unknown := sorted(set(parameters) - set(self.parameters)):
            known = ", ".join(self.parameters) or "none"
            msg = f"check {self.name} has no parameter {', '.join(unknown)}; it knows {known}"
            raise ValueError(msg)
        if absent := [name for name in self.required if name not in parameters]:
            msg = f"check {self.name} needs the parameter {', '.join(absent)}"
            raise ValueError(msg)


def check(
    name: str,
    *,
    version: int,
    parameters: tuple[str, ...] = (),
    required: tuple[str, ...] = (),
    weighted: bool = False,
    every_decision: bool = False,
) -> Callable[[Function], Check]:
    """Declare a function as a check: ``parameters`` are optional, ``required`` are not; the rest is as in `Check`."""

    def declare(function: Function) -> Check:
        return Check(name, version, (*required, *parameters), required, function, "", weighted, every_decision)

    return declare
