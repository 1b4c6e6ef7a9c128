from dataclasses import replace

import pytest
from tests.rules.scene import LIBRARY, POLICY, auc, inputs

from muster.lifecycle.page.limits import Standing, limits_on, standing
from muster.records.evidence import Figure
from muster.records.policy import Comparison, Limit, Meets, Requirement

LEAST = Limit("ratio", Comparison.AT_LEAST, 0.8, Meets.INTERVAL, minimum_n=30)


@pytest.mark.parametrize(
    ("limit", "figure", "stands"),
    [
        (LEAST, Figure("ratio", 0.9, 100, 0.85, 0.95), Standing.BETTER),
        (LEAST, Figure("ratio", 0.7, 100, 0.65, 0.75), Standing.WORSE),
        (LEAST, Figure("ratio", 0.85, 100, 0.75, 0.95), Standing.OPEN),
        (LEAST, Figure("ratio", 0.9, 29, 0.85, 0.95), Standing.OPEN),
        (LEAST, Figure("rate", 0.9, 100, 0.85, 0.95), None),
        (replace(LEAST, meets=Meets.POINT), Figure("ratio", 0.85, 100, 0.75, 0.95), Standing.BETTER),
        (Limit("count", Comparison.EQUALS, 0, Meets.POINT), Figure("count", 0, 5), Standing.EXACT),
        (Limit("count", Comparison.EQUALS, 0, Meets.POINT), Figure("count", 1, 5), Standing.WORSE),
    ],
)
def test_a_figure_stands_to_a_limit_in_one_of_three_ways(limit: Limit, figure: Figure, stands: Standing | None) -> None:
    assert standing(limit, figure) is stands


def test_the_policy_s_own_value_is_the_limit() -> None:
    policy = replace(POLICY, requirements=(Requirement("discrimination", limit=0.75), Requirement("no-age")))
    (control, limit), *more = limits_on(policy, LIBRARY, auc())

    assert (control.id, limit.value, more) == ("discrimination", 0.75, [])
    assert [control.id for control, _ in limits_on(policy, LIBRARY, inputs())] == ["no-age"]


def test_evidence_asked_otherwise_or_on_other_samples_is_under_no_limit() -> None:
    assert limits_on(POLICY, LIBRARY, auc(sample_role="window")) == []
    assert limits_on(POLICY, LIBRARY, auc(parameters={"bins": 3})) == []
    assert limits_on(replace(POLICY, requirements=(Requirement("unknown"),)), LIBRARY, auc()) == []
