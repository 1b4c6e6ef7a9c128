"""One booster or linear model stays plain; whatever is more has members and a head."""

from __future__ import annotations

import numpy as np

from muster.adapters.sklearn.reading.gathering import Gathering
from muster.adapters.sklearn.reading.track import Track
from muster.columns.forms import Linear, Members

LINEAR = Linear(np.array([1.0]), 0.0)


def test_the_plainest_form_is_taken() -> None:
    gathering = Gathering({})
    gathering.line("logistic", [gathering.member(LINEAR, [Track("debt", nullable=False)])])
    assert gathering.form is LINEAR
    second = gathering.member(LINEAR, [Track("age", nullable=False)])
    gathering.line("mean", [1, second])
    assert isinstance(gathering.form, Members)
    assert [member.start for member in gathering.form.each] == [0, 1]
