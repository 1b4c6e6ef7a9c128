import numpy as np
import pytest

from muster.checks.sound import faults
from muster.records.evidence import Figure, Measurement, Outcome


def test_a_sound_measurement_has_no_faults() -> None:
    figures = (Figure("auc", 0.7, 100, 0.6, 0.8), Figure("auc", np.float64(0.7), 0, group="sex=female"))
    assert faults(Measurement(figures)) == ()
    assert faults(Measurement((), Outcome.NOT_MEASURED, "no labels")) == ()


@pytest.mark.parametrize(
    ("figure", "fault"),
    [
        (Figure("auc", float("nan"), 1), "figure auc is nan: a finite number is needed"),
        (Figure("auc", True, 1), "figure auc is True"),
        (Figure("auc", "0.7", 1, group="all"), "figure auc of all is '0.7'"),  # type: ignore[arg-type]
        (Figure("auc", 0.7, -1), "n = -1: a whole number of 0 or more is needed"),
        (Figure("auc", 0.7, np.int64(5)), "a whole number"),  # type: ignore[arg-type]
        (Figure("auc", 0.7, 1, 0.6), "has one limit of its interval"),
        (Figure("auc", 0.7, 1, 0.6, float("inf")), "high = inf"),
        (Figure("auc", 0.7, 1, 0.8, 0.6), "from 0.8 down to 0.6"),
        (Figure("", 0.7, 1), "has no name"),
        ("auc", "it gave str where a Figure must be"),
    ],
)
def test_a_figure_that_no_ledger_could_hold_is_named(figure: Figure, fault: str) -> None:
    found = faults(Measurement((figure,)))
    assert len(found) == 1
    assert fault in found[0]


def test_outcome_reason_and_figures_belong_together() -> None:
    one = Figure("auc", 0.7, 1)
    assert faults(0.7) == ("it returned float, not a Measurement",)
    assert "must have a reason, and no figures" in faults(Measurement((one,), Outcome.NOT_MEASURED, "why"))[0]
    assert "must have a reason, and no figures" in faults(Measurement((), Outcome.NOT_MEASURED))[0]
    assert "it measured nothing and gave no reason" in faults(Measurement(()))[0]
    assert faults(Measurement((one, one))) == ("figure auc of the whole sample is given 2 times",)
