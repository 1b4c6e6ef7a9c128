"""CatBoost: what is trained comes back from its bytes, its trees are read exactly, and the rest is refused."""

from __future__ import annotations

from typing import Any

import catboost
import numpy as np
import pytest
from tests.adapters.boosters.rows import at_the_edges, learnt

from muster.adapters.boosters.cat import CatModel, _largest_not_above, fit
from muster.adapters.boosters.learners import settled

MATRIX, LABELS = learnt(500)


def trained(**more: Any) -> tuple[CatModel, bytes]:
    return fit(MATRIX, LABELS, settled("catboost", {"iterations": 15, "depth": 4, **more}), 7)


def test_the_same_seed_gives_the_same_bytes_and_they_score_alike() -> None:
    model, raw = trained()
    assert trained()[1] == raw
    again = CatModel.load(raw)
    assert again.probabilities(MATRIX).tobytes() == model.probabilities(MATRIX).tobytes()
    assert (again.width, again.names) == (4, ())
    assert again.probabilities(MATRIX[:0]).shape == (0,)


@pytest.mark.filterwarnings("ignore:overflow encountered in nextafter")
def test_every_row_comes_to_the_margin_that_catboost_gives_it() -> None:
    """Single precision, ``more than``, and missing values: also at each border and one step beside it."""
    model, _ = trained()
    form, _ = model.form()
    rows = np.concatenate([MATRIX, at_the_edges(form, MATRIX)])
    theirs = model._model.predict(rows, prediction_type="RawFormulaVal", thread_count=1)
    assert np.abs(form.margins(rows) - theirs).max() < 1e-14


def test_a_border_is_met_to_the_last_float64() -> None:
    largest = np.finfo(np.float32).max
    borders = np.append(np.random.default_rng(0).normal(size=100), [largest, -largest]).astype(np.float32)
    bounds = _largest_not_above(borders)
    with np.errstate(over="ignore"):
        assert (bounds.astype(np.float32) <= borders).all()
        assert (np.nextafter(bounds, np.inf).astype(np.float32) > borders).all()


def test_what_is_more_than_such_trees_is_refused() -> None:
    def made(rows: Any, labels: Any, **more: Any) -> Any:
        asked = {"iterations": 3, "depth": 2, "verbose": False, "allow_writing_files": False, "thread_count": 1}
        return catboost.CatBoost({**asked, "loss_function": "Logloss", **more}).fit(catboost.Pool(rows, labels))

    with pytest.raises(ValueError, match="not symmetric"):
        CatModel(made(MATRIX, LABELS, grow_policy="Depthwise")).form()
    with pytest.raises(ValueError, match="loss is 'RMSE'"):
        CatModel(made(MATRIX, LABELS, loss_function="RMSE"))
    with pytest.raises(ValueError, match="not CatBoost's binary format"):
        CatModel.load(b"tree\n")
    with pytest.raises(ValueError, match="does not read the model"):
        CatModel.load(b"CBM1 and nothing more")
    with pytest.raises(ValueError, match="does not train"):
        trained(depth=99)
