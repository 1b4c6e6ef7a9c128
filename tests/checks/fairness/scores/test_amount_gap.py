import numpy as np
import pyarrow as pa
import pytest

from muster.checks.fairness.scores.amount_gap import amount_gap
from muster.checks.kit import credit_sample
from muster.columns.sample import Sample
from muster.records.evidence import Figure, Outcome


def sample_of(rows: int = 2000, surcharge: float = 0.3) -> Sample:
    """Prices that follow risk; one group bears a surcharge, and another has a higher risk."""
    generator = np.random.default_rng(4)
    group = generator.choice(["a", "b", "c"], rows)
    risk = generator.normal(5.0 + 0.5 * (group == "c"), 1.0)
    price = risk + surcharge * (group == "b")
    table = pa.table({"g": group, "risk": risk + generator.normal(0, 0.1, rows)})
    return Sample.of_amounts(table, price, target="risk", name="prices", digest="sha256:00", role="held-out")


def figures(sample: Sample, **more: object) -> dict[tuple[str, str], Figure]:
    measured = amount_gap.measure(sample, {"attribute": "g", "reference": "a", **more})
    assert not measured.reason
    return {(figure.name, figure.group): figure for figure in measured.figures}


def test_a_surcharge_shows_in_prices_and_is_not_explained_by_risk() -> None:
    sample = sample_of()
    found = figures(sample)
    price, group = sample.amounts.predicted, np.asarray(sample.table["g"].to_pylist())
    b, c = found["amount_difference", "g=b"], found["amount_difference", "g=c"]
    assert b.value == pytest.approx(price[group == "b"].mean() - price[group == "a"].mean())
    assert b.low < 0.3 < b.high
    assert c.low > 0.3
    assert found["error_difference", "g=b"].low > 0.25
    assert found["error_difference", "g=c"].low < 0 < found["error_difference", "g=c"].high, "their risk explains it"
    smd = found["standardised_amount_gap", "g=c"]
    assert smd.low < 0.5 < smd.high
    assert found["standardised_error_gap", "g=b"].low > 1.0
    assert ("amount_difference", "g=a") not in found


def test_same_rows_in_another_order_give_the_same() -> None:
    sample = sample_of(300)
    turned = np.random.default_rng(0).permutation(300)
    other = Sample.of_amounts(
        sample.table.take(turned), sample.amounts.predicted[turned],
        target="risk", name="prices", digest="sha256:00", role="held-out",
    )  # fmt: skip
    for one, two in zip(figures(sample).values(), figures(other).values(), strict=True):
        assert (one.name, one.group, one.n) == (two.name, two.group, two.n)
        assert (one.value, one.low, one.high) == pytest.approx((two.value, two.low, two.high))


def test_what_cannot_be_compared() -> None:
    classifier = amount_gap.measure(credit_sample(), {"attribute": "sex", "reference": "male"})
    assert (classifier.outcome, "holds no predicted amounts" in classifier.reason) == (Outcome.NOT_MEASURED, True)
    unknown = amount_gap.measure(sample_of(), {"attribute": "g", "reference": "unknown"})
    assert "the reference group has fewer than two rows" in unknown.reason
    lonely = sample_of(300)
    table = lonely.table.append_column("h", [["x"] * 299 + ["y"]])
    one = Sample.of_amounts(
        table, lonely.amounts.predicted, target="risk", name="prices", digest="sha256:00", role="held-out"
    )
    measured = amount_gap.measure(one, {"attribute": "h", "reference": "x"})
    assert {(figure.value, figure.n, figure.low) for figure in measured.figures} == {(10.0, 1, None)}
