import numpy as np
import pytest

from muster.checks.kit import INPUTS, credit_model, credit_sample
from muster.checks.rescored import APART, decide, furthest, inputs_of, model_of
from muster.records.model import DecisionRule, Favourable


def test_what_scores_again_and_what_it_reads_must_be_known() -> None:
    sample = credit_sample(50)
    assert (model_of(sample), inputs_of(sample)) == (credit_model, INPUTS)
    alone = credit_sample(50, inputs=())
    object.__setattr__(alone, "rescorer", None)
    with pytest.raises(ValueError, match="comes without its model"):
        model_of(alone)
    with pytest.raises(ValueError, match="does not say which inputs"):
        inputs_of(alone)


def test_the_row_that_is_furthest_from_its_own_score_is_found() -> None:
    sample = credit_sample(50)
    own = sample.scores.copy()
    assert furthest(credit_model, sample.table, own + 0.9 * APART) is None
    own[[3, 7]] += (2 * APART, 3 * APART)
    place, apart = furthest(credit_model, sample.table, own) or (-1, 0.0)
    assert place == 7
    assert apart == pytest.approx(3 * APART)
    assert furthest(credit_model, sample.table.slice(0, 0), np.empty(0)) is None


def test_both_sides_of_the_threshold_can_be_favourable() -> None:
    scores = np.array([0.2, 0.5, 0.8])
    assert decide(DecisionRule(0.5, Favourable.BELOW), scores).tolist() == [True, False, False]
    assert decide(DecisionRule(0.5, Favourable.AT_LEAST), scores).tolist() == [False, True, True]
