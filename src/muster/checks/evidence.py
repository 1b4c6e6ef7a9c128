"""Evidence: a measurement, bound to the version and the sample that it was taken on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from muster.checks.registry import find, plugins
from muster.columns.sample import Sample
from muster.records.evidence import Evidence, Measurement, Outcome

UNKNOWN_VERSION = 0
"""Version of a check whose plugin does not load; versions of checks count from 1."""


def evidence_of(version: str, check: str, parameters: Mapping[str, Any], sample: Sample) -> Evidence:
    """Run a check on a sample and bind what it measured; raise KeyError if nobody names such a check.

    A check that a plugin names and does not give is NOT_MEASURED, so that the evidence of the others is kept.
    """
    measurement, check_version = _measured(check, parameters, sample)
    return Evidence(
        version=version,
        check=check,
        check_version=check_version,
        parameters=parameters,
        sample=sample.digest,
        sample_name=sample.name,
        sample_role=sample.role,
        figures=measurement.figures,
        outcome=measurement.outcome,
        reason=measurement.reason,
        method=measurement.method,
    )


def _measured(check: str, parameters: Mapping[str, Any], sample: Sample) -> tuple[Measurement, int]:
    try:
        found = find(check)
    except KeyError as problem:
        if plugins().find(check) is None:
            raise
        return Measurement((), Outcome.NOT_MEASURED, reason=problem.args[0]), UNKNOWN_VERSION
    return found.measure(sample, parameters), found.version
