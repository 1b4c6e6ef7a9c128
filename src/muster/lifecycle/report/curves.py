"""Curves that one evidence record holds: calibration over its bins, and decisions over thresholds."""

from __future__ import annotations

from collections.abc import Iterator

from muster.lifecycle.page.charts.plane import Guide, Point, Series, plane
from muster.lifecycle.page.markup import Html, number
from muster.records.evidence import Evidence

SHARES = (
    ("favourable_rate", "decided favourably", "first", "dot"),
    ("true_positive_rate", "true positive rate", "second", "diamond"),
    ("false_positive_rate", "false positive rate", "third", "ring"),
    ("precision", "precision", "fourth", "dot"),
)
"""What is drawn over thresholds: figure, its name in the key, look and shape."""

_AT = "threshold "


def curves(evidence: Evidence, threshold: float) -> Iterator[Html]:
    """Yield the curves of a record: none, unless its figures are points of one."""
    if points := _calibration(evidence):
        yield plane(
            "Calibration: what was promised and what came",
            f"{len(points)} bins of rows by score. A mark on the diagonal keeps its promise, below it fewer turned out "
            "so, above it more. The table has the numbers.",
            ("mean score of the bin", "observed rate"),
            [Series("bins of equal counts, with 95 % intervals of the rate", points)],
            [Guide("diagonal")],
        )
    if series := _thresholds(evidence):
        yield plane(
            "Decisions elsewhere than at the threshold in use",
            f"Shares over {len(series[0].points)} thresholds; {threshold:g} is in use. The table has the numbers.",
            ("threshold", "share"),
            series,
            [Guide("across", threshold, f"threshold in use, {threshold:g}")],
        )


def _calibration(evidence: Evidence) -> tuple[Point, ...]:
    means = {figure.group: figure for figure in evidence.figures if figure.name == "bin_mean_score"}
    rates = [f for f in evidence.figures if f.name == "bin_observed_rate" and f.group in means]
    return tuple(
        Point(
            means[rate.group].value,
            rate.value,
            f"{rate.group}: mean score {number(means[rate.group].value)}, observed {number(rate.value)}, n {rate.n:,}",
            rate.low,
            rate.high,
        )
        for rate in rates
    )


def _thresholds(evidence: Evidence) -> list[Series]:
    if evidence.check != "performance.thresholds":
        return []
    series = []
    for name, called, look, shape in SHARES:
        points = tuple(
            Point(float(f.group.removeprefix(_AT)), f.value, f"{called} at {f.group}: {number(f.value)}")
            for f in evidence.figures
            if f.name == name and f.group.startswith(_AT)
        )
        if points:
            series.append(Series(called, points, look, shape, joined=True))
    return series
