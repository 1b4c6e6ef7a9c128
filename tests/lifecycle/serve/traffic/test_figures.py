from __future__ import annotations

from datetime import timedelta

import pytest
from tests.lifecycle.serve.traffic.logs import refuse, write
from tests.walk import Walked

from muster.lifecycle.serve.traffic.figures import figures_of
from muster.records.traffic.canary import CanaryLimits, CanaryPlan


def test_figures_hold_a_version_against_the_champion_in_the_same_time(walked: Walked) -> None:
    other = walked.sibling()
    write(walked, walked.version, 500, shift=0.5, ago=timedelta(hours=2))
    write(walked, walked.version, 500)
    write(walked, other, 400, latency=1000.0)
    refuse(walked, other, "schema", 100)
    refuse(walked, other, "rate", 999)
    plan = CanaryPlan("default", "credit", other, walked.version, (0.1, 1.0), 30.0, CanaryLimits())
    found = {each.name: each for each in figures_of(walked.context(), plan, walked.clock() - timedelta(hours=1))}
    assert found["refusal_rate_more"].value == pytest.approx(0.2)
    assert found["refusal_rate_more"].n == 500
    assert found["error_rate_more"].value == 0.0
    assert 1.6 < found["latency_p99_ratio"].value < 2.4
    assert found["score_drift"].value < 0.1, "what was before counts for nothing"
    assert found["approval_rate_apart"].low < 0 < found["approval_rate_apart"].high
    assert figures_of(walked.context(), plan, walked.clock() + timedelta(hours=1)) == ()
