"""Plane: points and lines over two scales, such as a calibration curve or a front of what was tried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from muster.lifecycle.page.charts.frame import WIDTH, Axis, drawing, mark, stroke, tick_label, words
from muster.lifecycle.page.markup import Html, tag, text

HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 300, 70, WIDTH - 14, 16, 252


@dataclass(frozen=True, slots=True)
class Point:
    """A place, perhaps with an interval of its height; ``told`` is what pointing at it tells."""

    x: float
    y: float
    told: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """Points that belong together, under one name and one look."""

    name: str
    points: tuple[Point, ...]
    look: str = "first"
    """Class in page.css: first, second, third, fourth, quiet, front or chosen."""
    shape: str = "dot"
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Guide:
    """A line to read points against: at a value ``across`` or ``upward``, or the ``diagonal``."""

    along: str
    value: float = 0.0
    name: str = ""


def plane(
    title: str, description: str, names: tuple[str, str], series: Sequence[Series], guides: Sequence[Guide] = ()
) -> Html:
    """Draw series over two scales.

    Parameters
    ----------
    names
        What the horizontal and the vertical scale mean.
    series
        At least one point in all; later series are drawn over earlier ones.
    """
    points = [point for one in series for point in one.points]
    across = [p.x for p in points] + [g.value for g in guides if g.along == "across"]
    upward = [v for p in points for v in (p.y, p.low, p.high) if v is not None]
    upward += [g.value for g in guides if g.along == "upward"]
    x, y = Axis.around(across, LEFT, RIGHT), Axis.around(upward, BOTTOM, TOP)
    if any(guide.along == "diagonal" for guide in guides):
        whole = Axis.around([*across, *upward], LEFT, RIGHT)
        x, y = whole, Axis(whole.low, whole.high, BOTTOM, TOP)
    parts = [*_grid(x, y, names)]
    parts += [part for guide in guides for part in _guide(guide, x, y)]
    parts += [part for one in series for part in _series(one, x, y)]
    keys = [tag("span", one.name, class_=f"key {one.look}") for one in series if one.points]
    keys += [tag("span", guide.name, class_="key limit") for guide in guides if guide.name]
    caption = tag("figcaption", f"{title}. ", *(text(key, " ") for key in keys))
    return tag("figure", drawing(title, description, HEIGHT, parts), caption)


def _grid(x: Axis, y: Axis, names: tuple[str, str]) -> list[Html]:
    parts = []
    for tick in x.ticks():
        at = x.at(tick)
        parts.append(stroke("grid", (at, at), (f"{TOP}", f"{BOTTOM}")))
        parts.append(words(tick_label(tick), at, f"{BOTTOM + 17}", "middle"))
    for tick in y.ticks():
        at = y.at(tick)
        parts.append(stroke("grid", (f"{LEFT}", f"{RIGHT}"), (at, at)))
        parts.append(words(tick_label(tick), f"{LEFT - 7}", f"{float(at) + 4.5:.1f}", "end"))
    middle = (TOP + BOTTOM) / 2
    parts.append(words(names[0], f"{(LEFT + RIGHT) / 2}", f"{HEIGHT - 8}", "middle", "label name"))
    turned = tag(
        "g", words(names[1], "0", "0", "middle", "label name"), transform=f"translate(12 {middle}) rotate(-90)"
    )
    return [*parts, turned]


def _guide(guide: Guide, x: Axis, y: Axis) -> list[Html]:
    if guide.along == "diagonal":
        ends = (x.low, x.high)
        return [stroke("guide", (x.at(ends[0]), x.at(ends[1])), (y.at(ends[0]), y.at(ends[1])))]
    if guide.along == "across":
        at = x.at(guide.value)
        return [stroke("limit", (at, at), (f"{TOP}", f"{BOTTOM}"))]
    at = y.at(guide.value)
    return [stroke("limit", (f"{LEFT}", f"{RIGHT}"), (at, at))]


def _series(series: Series, x: Axis, y: Axis) -> list[Html]:
    parts = []
    if series.joined and len(series.points) > 1:
        path = " ".join(f"{x.at(p.x)},{y.at(p.y)}" for p in series.points)
        parts.append(tag("polyline", class_=f"line {series.look}", points=path))
    for p in series.points:
        at = x.at(p.x)
        if p.low is not None and p.high is not None:
            parts.append(stroke(f"whisker {series.look}", (at, at), (y.at(p.low), y.at(p.high))))
        parts.append(mark(series.shape, at, y.at(p.y), p.told, series.look))
    return parts
