from collections.abc import Callable

import pytest

from muster.checks.evidence import evidence_of
from muster.columns.sample import Sample
from muster.records.evidence import Outcome

VERSION = "sha256:" + "1" * 64


def test_a_measurement_is_bound_to_version_sample_and_check(make_sample: Callable[..., Sample]) -> None:
    sample = make_sample(500)
    found = evidence_of(VERSION, "performance.calibration", {"bins": 5}, sample)
    assert (found.version, found.check, found.check_version) == (VERSION, "performance.calibration", 1)
    assert (found.sample, found.sample_name, found.sample_role) == (sample.digest, sample.name, sample.role)
    assert found.parameters == {"bins": 5}
    assert found.outcome is Outcome.MEASURED
    assert found.figures
    assert found.method


def test_what_could_not_be_measured_is_evidence_too(make_sample: Callable[..., Sample]) -> None:
    found = evidence_of(VERSION, "performance.calibration", {}, make_sample(target=""))
    assert (found.outcome, found.figures) == (Outcome.NOT_MEASURED, ())
    assert "has no labels" in found.reason


def test_unknown_check_is_an_error_and_no_evidence(make_sample: Callable[..., Sample]) -> None:
    with pytest.raises(KeyError, match="there is no check 'fairness.all'"):
        evidence_of(VERSION, "fairness.all", {}, make_sample(10))
