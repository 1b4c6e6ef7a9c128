import numpy as np
import pytest

from muster.checks.fairness.individual.inequality import entropy, inequality
from muster.checks.kit import assert_lawful, credit_sample


def by_rows(benefits: np.ndarray, index: int) -> float:
    """Return the index as its formula has it, a person at a time."""
    ratios = benefits / benefits.mean()
    if index == 1:
        return float(np.mean([ratio * np.log(ratio) if ratio else 0.0 for ratio in ratios]))
    return float(np.mean(ratios**2 - 1) / 2)


def test_indices_are_those_of_single_people() -> None:
    sample = credit_sample()
    found = {figure.name: figure for figure in inequality.measure(sample, {"attribute": "sex"}).figures}
    benefits = sample.favourable.astype(float) - sample.qualified + 1
    women = np.asarray(sample.table["sex"].to_pylist()) == "female"
    means = np.where(women, benefits[women].mean(), benefits[~women].mean())
    for name, index in (("generalised_entropy", 2), ("theil_index", 1)):
        assert found[name].value == pytest.approx(by_rows(benefits, index))
        assert found[f"{name}_between_groups"].value == pytest.approx(by_rows(means, index), abs=1e-15)
        assert found[name].low < found[name].value < found[name].high


def test_right_decisions_leave_no_inequality() -> None:
    sample = credit_sample()
    measured = inequality.measure(credit_sample(favourable=sample.qualified), {"attribute": "sex"})
    assert [figure.value for figure in measured.figures] == [0.0] * 4


def test_parts_between_and_within_groups_make_the_whole() -> None:
    cells = np.random.default_rng(0).integers(1, 50, (1, 3, 2, 2))
    within = 0.0
    total = (cells[0] * [[1, 2], [0, 1]]).sum() / cells.sum()
    for group in cells[0]:
        mean = (group * [[1, 2], [0, 1]]).sum() / group.sum()
        own = entropy(group[None, None], 2, between=False)[0]
        within += group.sum() / cells.sum() * (mean / total) ** 2 * own
    whole, between = (entropy(cells, 2, between=side)[0] for side in (False, True))
    assert whole == pytest.approx(within + between)


def test_draws_without_any_benefit_are_left_out() -> None:
    sample = credit_sample()
    kept = np.flatnonzero(sample.qualified)[:50]
    table = sample.table.take(kept).append_column("paid", [[1] * 49 + [0]])
    refused = credit_sample(data=table, target="paid", positive=0, favourable=np.zeros(50, dtype=bool))
    measured = inequality.measure(refused, {"attribute": "sex"})
    assert measured.figures[0].value == pytest.approx(by_rows(np.asarray([0] * 49 + [1]), 2))
    assert measured.figures[0].low is None, "one row in fifty carries it all: a third of the draws miss it"


def test_it_keeps_the_laws() -> None:
    assert_lawful(inequality, {"attribute": "age", "bands": [25, 62]})
