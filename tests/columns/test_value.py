import numpy as np
import pyarrow as pa
import pytest

from muster.columns.sample import Sample
from muster.columns.value import value_per_decision
from muster.records.model import DecisionRule, Favourable
from muster.records.purpose import Value

WORTH = Value("EUR", true_positive=0.0, false_positive=-10.0, true_negative=100.0, false_negative=-1000.0)


@pytest.mark.parametrize("side", list(Favourable))
def test_each_outcome_counts_with_its_value(side: Favourable) -> None:
    sample = Sample.of(
        pa.table({"default": [1, 0, 0, 0, 1]}),
        np.asarray([0.9, 0.5, 0.1, 0.1, 0.1]),
        DecisionRule(0.5, side),
        name="test",
        digest="sha256:00",
        role="held-out",
        target="default",
    )
    assert value_per_decision(sample, WORTH) == pytest.approx((0 - 10 + 100 + 100 - 1000) / 5)
