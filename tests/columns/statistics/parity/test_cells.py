import numpy as np
import pyarrow as pa
import pytest
from sklearn.metrics import accuracy_score, precision_score, recall_score

from muster.columns.statistics.grouping import group_by
from muster.columns.statistics.parity.cells import RATES, Cells


def drawn(rows: int = 500) -> tuple[pa.Table, np.ndarray, np.ndarray]:
    generator = np.random.default_rng(3)
    table = pa.table({"g": generator.choice(["a", "b", None], rows)})
    return table, generator.random(rows) < 0.6, generator.random(rows) < 0.5


def test_rates_are_those_of_scikit_learn() -> None:
    table, deserved, got = drawn()
    grouping = group_by(table, "g")
    cells = Cells.of(grouping, deserved, got)
    for code, name in enumerate(grouping.names):
        inside = np.asarray([value or "unknown" for value in table["g"].to_pylist()]) == name
        y, d = deserved[inside], got[inside]
        expected = {
            "favourable_rate": d.mean(),
            "true_favourable_rate": recall_score(y, d),
            "false_favourable_rate": 1 - recall_score(y, d, pos_label=False),
            "favourable_precision": precision_score(y, d),
            "adverse_precision": precision_score(y, d, pos_label=False),
            "accuracy": accuracy_score(y, d),
            "wrongly_refused_share": (y & ~d).sum() / (y != d).sum(),
        }
        assert expected.keys() == RATES.keys()
        for rate, value in expected.items():
            hits, of = cells.rate(rate)
            assert hits[code] / of[code] == pytest.approx(value, rel=1e-14), rate
    assert cells.sizes.sum() == 500


def test_counts_of_parts_add_up() -> None:
    table, deserved, got = drawn()
    grouping = group_by(table, "g")
    whole = Cells.of(grouping, deserved, got)
    halves = [
        Cells.of(group_by(table.take(rows), "g"), deserved[rows], got[rows])
        for rows in (np.arange(250), np.arange(250, 500))
    ]
    assert (halves[0].counts + halves[1].counts == whole.counts).all()


def test_draws_have_their_own_axis() -> None:
    table, deserved, got = drawn()
    cells = Cells.of(group_by(table, "g"), deserved, got)
    hits, of = Cells(np.stack((cells.counts, 2 * cells.counts))).rate("accuracy")
    assert hits.shape == of.shape == (2, 3)
    assert (hits[1] == 2 * hits[0]).all()
    assert (cells.rate("accuracy")[0] == hits[0]).all(), "the counts themselves are left as they were"
