"""Evidence: a measurement, bound to the version and the sample that it was taken on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from muster.checks.registry import find
from muster.columns.sample import Sample
from muster.records.evidence import Evidence


def evidence_of(version: str, check: str, parameters: Mapping[str, Any], sample: Sample) -> Evidence:
    """Run a check on a sample and bind what it measured; raise KeyError if there is no such check."""
    found = find(check)
    measurement = found.measure(sample, parameters)
    return Evidence(
        version=version,
        check=check,
        check_version=found.version,
        parameters=parameters,
        sample=sample.digest,
        sample_name=sample.name,
        sample_role=sample.role,
        figures=measurement.figures,
        outcome=measurement.outcome,
        reason=measurement.reason,
        method=measurement.method,
    )
