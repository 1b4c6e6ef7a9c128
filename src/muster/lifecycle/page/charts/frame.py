"""Frame: scales, ticks, and the element that holds a chart with its text alternative."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from muster.lifecycle.page.markup import Html, tag

WIDTH = 480
"""Units across; a phone shows most of them as points, so letters of 13 stay readable."""


@dataclass(frozen=True, slots=True)
class Axis:
    """A scale from values to places: ``low`` is drawn at ``start``, ``high`` at ``end``."""

    low: float
    high: float
    start: float
    end: float

    @classmethod
    def around(cls, values: Iterable[float], start: float, end: float) -> Axis:
        """Return a scale with some room on both sides of finite values."""
        known = list(values)
        low, high = min(known), max(known)
        room = (high - low) * 0.06
        if room <= max(abs(low), abs(high), 1e-9) * 1e-6:
            room = max(abs(low), abs(high)) * 0.06 or 1.0
        return cls(low - room, high + room, start, end)

    def at(self, value: float) -> str:
        """Return the place of a value, as an attribute."""
        return f"{self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start):.1f}"

    def ticks(self, wanted: int = 5) -> list[float]:
        """Return round values on the scale, about as many as wanted."""
        rough = (self.high - self.low) / wanted
        power = 10.0 ** math.floor(math.log10(rough))
        step = next((power * factor for factor in (1, 2, 5) if power * factor >= rough), power * 10)
        first, last = math.ceil(self.low / step), math.floor(self.high / step)
        return [place * step for place in range(first, last + 1)]


def tick_label(value: float) -> str:
    """Write a tick, without the noise of binary fractions."""
    return f"{value:,.6g}" if abs(value) < 1e6 else f"{value:.3g}"


def stroke(name: str, x: Sequence[str], y: Sequence[str]) -> Html:
    """Return a straight line of a class, from one place to another."""
    return tag("line", class_=name, x1=x[0], x2=x[1], y1=y[0], y2=y[1])


def words(content: str, x: str, y: str, anchor: str = "start", name: str = "label") -> Html:
    """Return words at a place; ``anchor`` says which part of them stands there: start, middle or end."""
    return tag("text", content, class_=name, x=x, y=y, text_anchor=anchor)


def drawing(title: str, description: str, height: float, parts: Iterable[Html]) -> Html:
    """Return the element of a chart; readers who do not see it are told its title and description."""
    return tag(
        "svg", tag("title", title), tag("desc", description), *parts,
        viewBox=f"0 0 {WIDTH} {height:g}", role="img", aria_label=f"{title}. {description}",
    )  # fmt: skip


def mark(shape: str, x: str, y: str, told: str, name: str) -> Html:
    """Return a mark of a shape (dot, ring or diamond) that tells what it is to whoever points at it."""
    title = tag("title", told)
    if shape == "diamond":
        left, top = float(x), float(y)
        outline = f"M{left:.1f} {top - 6.5:.1f}l6.5 6.5l-6.5 6.5l-6.5 -6.5z"
        return tag("path", title, class_=f"mark {name}", d=outline)
    return tag("circle", title, class_=f"mark {shape} {name}", cx=x, cy=y, r="4.5")
