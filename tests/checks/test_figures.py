from scipy import stats

from muster.checks.figures import estimate, exact, proportion


def test_a_proportion_has_wilsons_interval() -> None:
    figure = proportion("rate", 3, 20, "AGE=25-34")
    expected = stats.binomtest(3, 20).proportion_ci(method="wilson")
    assert (figure.value, figure.n, figure.group) == (0.15, 20, "AGE=25-34")
    assert abs(figure.low - expected.low) + abs(figure.high - expected.high) < 1e-14


def test_estimates_keep_their_limits_and_exact_figures_are_their_own() -> None:
    figure = estimate("mae", (2, 1.5, 3), 10, "all")
    assert (figure.value, figure.low, figure.high, figure.n, figure.group) == (2.0, 1.5, 3.0, 10, "all")
    assert isinstance(figure.value, float)
    p = exact("p", 0.03, 10, "age", "why")
    assert p.low == p.value == p.high == 0.03
    assert (p.n, p.group, p.note) == (10, "age", "why")
