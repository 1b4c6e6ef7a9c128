from scipy import stats

from muster.checks.figures import proportion


def test_a_proportion_has_wilsons_interval() -> None:
    figure = proportion("rate", 3, 20, "AGE=25-34")
    expected = stats.binomtest(3, 20).proportion_ci(method="wilson")
    assert (figure.value, figure.n, figure.group) == (0.15, 20, "AGE=25-34")
    assert abs(figure.low - expected.low) + abs(figure.high - expected.high) < 1e-14
