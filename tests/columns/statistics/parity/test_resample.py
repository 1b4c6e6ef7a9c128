import numpy as np
import pytest

from muster.columns.statistics.parity.resample import percentiles, redraw


def test_a_draw_of_cells_is_the_bootstrap_of_rows() -> None:
    generator = np.random.default_rng(5)
    group, hit = generator.random(400) < 0.3, generator.random(400) < 0.5
    cells = np.bincount(group * 2 + hit, minlength=4).reshape(2, 2)
    drawn = redraw(cells, 4000)
    assert drawn.shape == (4000, 2, 2)
    assert (drawn.sum(axis=(1, 2)) == 400).all()
    rows = generator.integers(0, 400, (4000, 400))
    by_rows = [(hit[take] & group[take]).sum() / group[take].sum() for take in rows]
    by_cells = drawn[:, 1, 1] / drawn[:, 1].sum(axis=1)
    assert np.mean(by_cells) == pytest.approx(np.mean(by_rows), abs=0.004)
    assert np.std(by_cells) == pytest.approx(np.std(by_rows), rel=0.06)


def test_the_same_counts_give_the_same_draws() -> None:
    cells = np.asarray([3, 4, 5])
    assert (redraw(cells) == redraw(cells)).all()
    with pytest.raises(ValueError, match="no rows to draw from"):
        redraw(np.zeros(3, dtype=np.int64))


def test_percentiles_never_leave_the_point_out() -> None:
    drawn = np.linspace(0.0, 1.0, 1001)
    assert percentiles(0.5, drawn) == pytest.approx((0.025, 0.975))
    assert percentiles(0.01, drawn)[0] == 0.01
    assert percentiles(2.0, drawn)[1] == 2.0


def test_figures_that_vanish_too_often_have_no_interval() -> None:
    drawn = np.linspace(0.0, 1.0, 1000)
    drawn[:40] = np.nan
    assert percentiles(0.5, drawn)[0] is not None
    drawn[:60] = np.nan
    assert percentiles(0.5, drawn) == (None, None)
