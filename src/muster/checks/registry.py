"""All checks: our own in one visible list, those of third parties behind it, and measuring by name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from muster.checks.data.listed import DATA
from muster.checks.declare import Check
from muster.checks.drift.population_stability import population_stability
from muster.checks.explanation.listed import EXPLANATION
from muster.checks.fairness.listed import FAIRNESS
from muster.checks.language.listed import LANGUAGE
from muster.checks.oversight.listed import OVERSIGHT
from muster.checks.performance.listed import PERFORMANCE
from muster.checks.plugins import Plugins
from muster.checks.robustness.listed import ROBUSTNESS
from muster.checks.traffic.listed import TRAFFIC
from muster.columns.sample import Sample
from muster.records.evidence import Measurement

CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        known.name: known
        for known in (
            *PERFORMANCE,
            *FAIRNESS,
            *EXPLANATION,
            *DATA,
            *ROBUSTNESS,
            population_stability,
            *OVERSIGHT,
            *LANGUAGE,
            *TRAFFIC,
        )
    }
)
"""Every check of our own by its name; each folder lists its own in ``listed.py``."""


@cache
def plugins() -> Plugins:
    """Return the checks that installed distributions name, read once a process."""
    return Plugins.found(CHECKS)


def find(name: str) -> Check:
    """Return a check; raise KeyError naming those known if there is none, or why a plugin's check is unknown."""
    if name in CHECKS:
        return CHECKS[name]
    offered = plugins()
    found = offered.find(name)
    if isinstance(found, Check):
        return found
    if found:
        msg = f"check {name!r} is unknown because its plugin is broken: {found}"
        raise KeyError(msg)
    msg = f"there is no check {name!r}; the checks are {', '.join((*CHECKS, *offered.offered))}"
    raise KeyError(msg)


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
