"""What attributing a score to factors costs beside computing the score, and beside shap.

Us: exact interventional Shapley values from the served bytes, 100 trees of 31 leaves on 19 columns of the Taiwan data,
against 100 background rows, the peer's usual number, and against 2,000. Limit: plain scoring of the same rows.
Peer: ``shap.TreeExplainer`` in its own environment, built on first use with pip as it is configured here, which fits
the same model again; interventional against the same 100 rows, whose values must equal ours, and path-dependent, which
reads no background. Then what a refused applicant costs, from a row to reasons in words, and a linear model beside its
own scoring. Interleaved; medians of CPU seconds on one core.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from benchmarks.peers import cpu, environment, rounds
from benchmarks.report import close, table
from numpy.typing import NDArray

from muster.adapters.assets import asset
from muster.adapters.onnx import OnnxPredictor
from muster.adapters.sklearn.extract import extract
from muster.adapters.sklearn.fit import fit
from muster.adapters.sklearn.learners import settled
from muster.adapters.yamlfiles.contracts import read_contract
from muster.adapters.yamlfiles.reasons import read_reason_map
from muster.columns.compiler import compile_served
from muster.columns.encoder import Encoder
from muster.columns.explanation.explainer import Explainer, reasons_for
from muster.columns.explanation.linear import LinearAttribution
from muster.columns.explanation.reading import read_served
from muster.columns.explanation.sampling.explainer import SampledExplainer
from muster.columns.explanation.trees import TreeAttribution
from muster.columns.forms import Linear, Trees
from muster.columns.plan import Plan, favourable
from muster.columns.tables import read_table
from muster.records.model import DecisionRule, Favourable, Recipe

Floats = NDArray[np.float64]

PEER = f"shap==0.51.0 scikit-learn=={version('scikit-learn')} numpy=={version('numpy')}"
CONTRACT = "contracts/taiwan-credit-default.yaml"
INPUTS = ("LIMIT_BAL", *(f"PAY_{month}" for month in (0, 2, 3, 4, 5, 6)),
          *(f"{kind}_AMT{month}" for kind in ("BILL", "PAY") for month in range(1, 7)))  # fmt: skip
TARGET = "default-payment-next-month"
RULE = DecisionRule(0.25, Favourable.BELOW)
FITTED, ROWS, BACKGROUND, LARGER = 20_000, 1000, 100, 2000
ALONE = 200


def alone(work: Callable[[Floats], object], rows: Floats) -> float:
    """Return the CPU seconds of one row, each asked for by itself."""
    return cpu(lambda: [work(rows[at : at + 1]) for at in range(ALONE)]) / ALONE


def served(learner: str) -> tuple[OnnxPredictor, Linear | Trees, Floats, Floats]:
    """Fit and compile a model; return what serves it, its form read back, all rows encoded, and labels."""
    rows = read_table(asset("data/taiwan_credit_default.parquet"), "taiwan.parquet")
    columns = read_contract(asset(CONTRACT).decode(), CONTRACT).columns
    recipe = Recipe(learner, INPUTS, TARGET, 1, {})
    encodings, form, _ = extract(fit(rows.slice(0, FITTED), recipe, columns), [c for c in columns if c.name in INPUTS])
    held = compile_served(Plan("sha256:00", learner, encodings, RULE), form)
    plan, form = read_served(held)
    matrix = Encoder(plan.encodings).encode({name: rows.column(name).to_numpy() for name in INPUTS})
    return OnnxPredictor.load(held), form, matrix, rows.column(TARGET).to_numpy()


def peer_says(folder: Path, count: int) -> Iterator[dict[str, Any]]:
    """Let the peer fit, and then measure once a step."""
    script = Path(__file__).with_name("peer.py")
    return rounds(environment("shap", PEER), script, folder, count, prepares=True)


def trees(count: int) -> dict[str, float]:
    """Measure plain scoring, us and the peer in turns; compare every value."""
    predictor, form, matrix, labels = served("gradient-boosting")
    if not isinstance(form, Trees):
        sys.exit("the boosted model did not come back as trees")
    rows, others = matrix[FITTED : FITTED + ROWS], matrix[FITTED + ROWS :]
    players = np.arange(matrix.shape[1])
    built = cpu(lambda: TreeAttribution(form, players, others[:LARGER]))
    ours = TreeAttribution(form, players, others[:BACKGROUND])
    larger = TreeAttribution(form, players, others[:LARGER])
    work = {"scoring alone": predictor.margins, "us": ours.shares, "us, 2,000 background rows": larger.shares}
    given = {"fitted": matrix[:FITTED], "labels": labels[:FITTED], "rows": rows, "background": others[:BACKGROUND]}
    batch, single, said = turns(count, work, given)
    many, one = ({who: statistics.median(taken) * 1e6 for who, taken in kept.items()} for kept in (batch, single))
    lines = [[who, many[who], one[who], many[who] / many["us"]] for who in many]
    head = ["who", f"of {ROWS:,}", "alone", "over us"]
    print(table(f"{len(form.trees)} trees, {matrix.shape[1]} columns, microseconds of CPU a row", head, lines))
    shares, margins = ours.shares(rows), predictor.margins(rows)
    error = float(np.abs(ours.baseline + shares.sum(axis=1) - margins).max())
    apart = float(np.abs(np.array(said["interventional values"]) - shares).max())
    print(f"baseline and shares add up to the margin within {error:.1e}; shap's values are within {apart:.1e} of ours,")
    print(f"its model's margins within {float(np.abs(np.array(said['margins']) - margins).max()):.1e}")
    print(f"against {LARGER:,} rows it takes {built:.1f} s to build\n")
    return {
        "row_ms": many["us"] / 1000,
        "row_alone_ms": one["us"] / 1000,
        "shap_ratio": many["shap, interventional"] / many["us"],
        "shap_path_ratio": many["shap, path-dependent"] / many["us"],
        "shap_alone_ratio": one["shap, interventional"] / one["us"],
        "over_scoring": many["us"] / many["scoring alone"],
        "max_difference": apart,
        "additivity_error": error,
        "build_s": built,
    }


def turns(
    count: int, work: dict[str, Callable[[Floats], object]], given: dict[str, Any]
) -> tuple[dict[str, list[float]], dict[str, list[float]], dict[str, Any]]:
    """Measure everybody in turns; return seconds a row of many and alone, and all that the peer said."""
    batch: dict[str, list[float]] = {}
    single: dict[str, list[float]] = {}
    said: dict[str, Any] = {}
    rows = given["rows"]
    with tempfile.TemporaryDirectory(prefix="muster-bench-") as name:
        np.savez(Path(name) / "given.npz", **given)
        parameters = {**settled("gradient-boosting", {}), "early_stopping": False, "random_state": 0}
        (Path(name) / "parameters.json").write_text(json.dumps(parameters), encoding="utf-8")
        for theirs in peer_says(Path(name), count):
            said |= theirs
            for who in [known for known in ("interventional", "path-dependent") if known in theirs]:
                batch.setdefault(f"shap, {who}", []).append(theirs[who] / ROWS)
                single.setdefault(f"shap, {who}", []).append(theirs[f"{who} alone"])
            for who, explain in work.items():
                batch.setdefault(who, []).append(cpu(lambda: explain(rows)) / ROWS)  # noqa: B023 - called at once
                single.setdefault(who, []).append(alone(explain, rows))
    return batch, single, said


def words(count: int) -> dict[str, float]:
    """Measure what an applicant costs: from a row of the table to reasons in words, exact and sampled."""
    predictor, form, _, _ = served("gradient-boosting")
    reasons = read_reason_map(asset("reasons/consumer-credit.yaml").decode(), "consumer-credit.yaml")
    rows = read_table(asset("data/taiwan_credit_default.parquet"), "taiwan.parquet").slice(FITTED)
    model = Explainer(predictor.plan, form, predictor, reasons)
    approves = favourable(model(rows), RULE)
    approved, refused = rows.filter(pa.array(approves)), rows.filter(pa.array(~approves)).slice(0, ALONE)
    exact = model.against(approved)
    sampled = SampledExplainer(model, INPUTS, reasons).against(approved)
    people = [refused.slice(at, 1) for at in range(refused.num_rows)]
    names = ("exact, alone", "exact, all at once", "sampled, all at once")
    taken = [
        (
            cpu(lambda: [reasons_for(model.factors, exact, person, RULE) for person in people]),
            cpu(lambda: reasons_for(model.factors, exact, refused, RULE)),
            cpu(lambda: reasons_for(model.factors, sampled, refused, RULE)),
        )
        for _ in range(count)
    ]
    spent = [statistics.median(part) * 1e6 / len(people) for part in zip(*taken, strict=True)]
    print(
        table(
            "reasons in words, microseconds of CPU a refusal",
            ["how", "a refusal"],
            list(zip(names, spent, strict=True)),
        )
    )
    close_by = np.corrcoef(exact.shares(refused).ravel(), sampled.shares(refused).ravel())[0, 1]
    print(f"shares sampled from 64 orders and exact ones correlate with {close_by:.4f}\n")
    return {"reasons_alone_ms": spent[0] / 1000, "reasons_ms": spent[1] / 1000, "sampled_ms": spent[2] / 1000}


def linear(count: int) -> dict[str, float]:
    """Measure attributing and scoring of a linear model in turns."""
    predictor, form, matrix, _ = served("logistic-regression")
    if not isinstance(form, Linear):
        sys.exit("the logistic model did not come back as linear")
    rows = matrix[FITTED : FITTED + ROWS]
    explain = LinearAttribution(form, np.arange(matrix.shape[1]), matrix[:FITTED]).shares
    taken = [(alone(explain, rows), alone(predictor.scores, rows), cpu(lambda: explain(rows)) / ROWS,
              cpu(lambda: predictor.scores(rows)) / ROWS) for _ in range(count)]  # fmt: skip
    one, score_one, many, score_many = (statistics.median(part) * 1e6 for part in zip(*taken, strict=True))
    print(table("linear, microseconds of CPU a row", ["who", f"of {ROWS:,}", "alone"],
                [["us", many, one], ["scoring alone", score_many, score_one]]))  # fmt: skip
    return {"linear_over_scoring": many / score_many, "linear_alone_over_scoring": one / score_one}


def main(count: int = 5) -> None:
    close("explanation", {**trees(count), **words(count), **linear(max(count, 15))})


if __name__ == "__main__":
    if not Path("benchmarks").is_dir():
        sys.exit("run it as: ./run bench explanation")
    main(*map(int, sys.argv[1:]))
