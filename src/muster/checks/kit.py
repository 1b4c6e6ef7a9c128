"""A kit for authors of checks: samples to try a check on, and the laws that every check keeps.

In the tests of a plugin, with any test runner::

    from muster.checks.kit import assert_lawful, credit_sample

    def test_surprise_keeps_the_laws() -> None:
        found = assert_lawful(surprise, {"quantile": 0.9})
        assert found.figures[0].name == "surprise"
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from muster.checks.declare import Check
from muster.checks.laws import broken_laws
from muster.columns.arrow import Floats, floats, texts
from muster.columns.rescoring import Companion
from muster.columns.sample import Sample
from muster.records.evidence import Measurement
from muster.records.model import DecisionRule, Favourable

INPUTS = ("income", "late", "region")
"""What :func:`credit_model` reads."""


def credit_rows(rows: int = 1000, seed: int = 0) -> pa.Table:
    """Make credit applications: who applied, where, income, late payments, on which day, and whether they defaulted.

    Defaults are drawn with the probability that :func:`credit_model` gives, so that its scores are calibrated.
    """
    rng = np.random.default_rng(seed)
    age = rng.integers(18, 80, rows)
    table = pa.table(
        {
            "age": age,
            "sex": rng.choice(["female", "male"], rows),
            "region": rng.choice(["east", "north", "south"], rows),
            "income": rng.lognormal(10, 0.5, rows) * (0.7 + age / 100),
            "late": rng.poisson(0.5, rows),
            "applied": (np.datetime64("2025-01-01") + rng.integers(0, 360, rows)).astype("datetime64[D]"),
        }
    )
    defaulted = rng.random(rows) < credit_model(table)
    return table.append_column("defaulted", pa.array(defaulted.astype(np.int64)))


def credit_model(table: pa.Table) -> Floats:
    """Return the probability of default for each row: a plain logistic model; raise ValueError for a strange region."""
    names = texts(table, "region").to_pylist()
    strange = [row for row, name in enumerate(names) if name not in {"east", "north", "south"}]
    if strange:
        msg = f"column 'region', row {strange[0]}: a category that the model was not trained on"
        raise ValueError(msg)
    income, late = floats(table, "income"), floats(table, "late")
    absent = np.isnan(income) | (income <= 0)
    size = np.log(np.where(absent, 20_000.0, income)) - 10
    margin = -1.2 - 1.5 * size + 0.6 * np.nan_to_num(late) + 0.2 * (np.asarray(names) == "south")
    scores: Floats = 1 / (1 + np.exp(np.clip(-margin, -700, 700)))
    return scores


def credit_sample(rows: int = 1000, seed: int = 0, **more: Any) -> Sample:
    """Make a sample of applications with scores, labels, the model to rescore with, and other rows as its companion.

    ``more`` replaces what ``Sample.of`` is given: ``data``, ``scores``, ``rule``, ``inputs``, ``target`` and so on.
    """
    data = more.pop("data", None)
    table = credit_rows(rows, seed) if data is None else data
    given: dict[str, Any] = {
        "scores": more.pop("scores") if "scores" in more else credit_model(table),
        "rule": DecisionRule(0.3, Favourable.BELOW),
        "name": "applications",
        "digest": "sha256:" + "0" * 64,
        "role": "held-out",
        "inputs": INPUTS,
        "target": "defaulted",
        **more,
    }
    fitted = Companion.of(credit_rows(1000, seed + 1), name="fitted", digest="sha256:" + "1" * 64, role="training")
    return Sample.of(table, **given).beside(rescorer=credit_model, companion=fitted)


def assert_lawful(
    check: Check,
    parameters: Mapping[str, Any] | None = None,
    sample: Sample | None = None,
    *,
    order_free: bool = True,
) -> Measurement:
    """Assert that a check keeps the laws, and return what it measured.

    It is declared (name ``family.name``, version, documented parameters); it measures the sample; figures are finite,
    have an n of at most the rows there are and an interval around them, and fit the ledger; the sample is left as it
    was; the same sample gives the same figures, in any order of rows; and what is wrong (no rows, no labels, scores
    that are not numbers, unknown parameters) gives NOT_MEASURED with a reason, or sound figures, and no exception.

    Parameters
    ----------
    check
        As ``@check(...)`` made it.
    parameters
        With which it measures the sample.
    sample
        Rows on which the check is able to measure; :func:`credit_sample` unless given.
    order_free
        False for a check whose meaning is in the order of rows.

    Raises
    ------
    AssertionError
        Naming every law that is broken.
    """
    asked, rows = dict(parameters or {}), credit_sample() if sample is None else sample
    measured, broken = broken_laws(check, asked, rows, order_free=order_free)
    assert not broken, f"check {check.name} breaks {len(broken)} laws:\n" + "\n".join(broken)  # noqa: S101 - for tests
    return measured
