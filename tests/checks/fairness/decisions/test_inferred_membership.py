import numpy as np
import pyarrow as pa
import pytest

from muster.checks.fairness.decisions.inferred_membership import inferred_membership
from muster.checks.fairness.impact_ratio import impact_ratio
from muster.checks.kit import assert_lawful, credit_rows, credit_sample
from muster.columns.sample import Sample
from muster.records.evidence import Figure

ASKED = {"probabilities": {"a": "p_a", "b": "p_b"}, "reference": "a"}


def sample_of(p_a: np.ndarray, p_b: np.ndarray, **more: object) -> Sample:
    rows = credit_rows(len(p_a))
    return credit_sample(data=rows.append_column("p_a", pa.array(p_a)).append_column("p_b", pa.array(p_b)), **more)


def figures(sample: Sample) -> dict[tuple[str, str], Figure]:
    measured = inferred_membership.measure(sample, ASKED)
    assert not measured.reason
    return {(figure.name, figure.group): figure for figure in measured.figures}


def test_certain_membership_gives_the_plain_impact_ratio() -> None:
    member = np.random.default_rng(0).random(1000) < 0.4
    sample = sample_of(1.0 - member, member.astype(float))
    table = sample.table.append_column("g", pa.array(np.where(member, "b", "a")))
    plain = impact_ratio.measure(credit_sample(data=table), {"attribute": "g", "reference": "a"})
    expected = next(figure for figure in plain.figures if (figure.name, figure.group) == ("impact_ratio", "g=b"))
    found = figures(sample)["inferred_impact_ratio", "b"]
    assert (found.value, found.low, found.high) == pytest.approx((expected.value, expected.low, expected.high))
    assert found.n == expected.n
    assert figures(sample)["membership_certainty", "b"].value == 1.0


def test_rates_are_weighted_means_and_the_rest_is_unknown() -> None:
    generator = np.random.default_rng(1)
    p_a = generator.random(1000) * 0.6
    p_b = generator.random(1000) * 0.3
    p_b[:10] = np.nan
    sample = sample_of(p_a, p_b)
    found = figures(sample)
    known = np.where(np.isnan(p_b), 0, 1)
    expected = np.average(sample.favourable[10:], weights=p_b[10:])
    assert found["inferred_favourable_rate", "b"].value == pytest.approx(expected)
    unknown = 1 - (p_a * known + np.nan_to_num(p_b)).mean()
    assert found["unknown_share", ""].value == pytest.approx(unknown)
    assert found["membership_certainty", "b"].value == pytest.approx(np.nansum(p_b**2) / np.nansum(p_b))


def test_probabilities_that_are_none_are_refused_with_the_row() -> None:
    p_a = np.full(100, 0.5)
    p_b = np.full(100, 0.5)
    p_b[7] = 0.6
    assert "probabilities of row 7 are 0.5, 0.6" in inferred_membership.measure(sample_of(p_a, p_b), ASKED).reason
    wrong = inferred_membership.measure(credit_sample(), {"probabilities": ["p"], "reference": "a"})
    assert "must map two or more groups to columns" in wrong.reason
    other = inferred_membership.measure(credit_sample(), {**ASKED, "reference": "c"})
    assert "no probability for the reference 'c'" in other.reason


def test_it_keeps_the_laws() -> None:
    p = np.random.default_rng(2).random(1000)
    assert_lawful(inferred_membership, ASKED, sample_of(p, 1 - p))
