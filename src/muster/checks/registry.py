"""All checks, in one visible list, and measuring by name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from muster.checks.declare import Check
from muster.checks.drift.population_stability import population_stability
from muster.checks.fairness.listed import FAIRNESS
from muster.checks.performance.listed import PERFORMANCE
from muster.columns.sample import Sample
from muster.records.evidence import Measurement

CHECKS: Mapping[str, Check] = MappingProxyType(
    {known.name: known for known in (*PERFORMANCE, *FAIRNESS, population_stability)}
)
"""Every check of our own by its name; each folder lists its own in ``listed.py``."""


def find(name: str) -> Check:
    """Return a check; raise KeyError naming those known if there is none of that name."""
    if name not in CHECKS:
        msg = f"there is no check {name!r}; the checks are {', '.join(CHECKS)}"
        raise KeyError(msg)
    return CHECKS[name]


def measure(name: str, sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Measure a sample with the named check.

    Returns
    -------
    Measurement
        Figures; or, where the sample or the parameters do not allow it, ``NOT_MEASURED`` with the reason.

    Raises
    ------
    KeyError
        If there is no such check.
    """
    return find(name).measure(sample, parameters)
