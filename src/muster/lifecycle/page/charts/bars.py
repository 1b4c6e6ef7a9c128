"""Bars: figures of one name that have no intervals, such as shares and counts, from zero on."""

from __future__ import annotations

from collections.abc import Sequence

from muster.lifecycle.page.charts.frame import WIDTH, Axis, drawing, stroke, words
from muster.lifecycle.page.markup import Html, number, tag
from muster.records.evidence import Figure

MOST = 24
ROW, LONGEST, ROOM = 20, 30, 62


def bars(figures: Sequence[Figure]) -> Html:
    """Draw figures of one name, at least one, longest first; negative ones to the left of zero."""
    ordered = sorted(figures, key=lambda figure: (-abs(figure.value), figure.group))
    shown = ordered[:MOST]
    labels = [figure.group or "all rows" for figure in shown]
    left = min(max(map(len, labels)), LONGEST) * 6.6 + 18
    least, most = min(0.0, *(f.value for f in shown)), max(0.0, *(f.value for f in shown))
    axis = Axis(least, most if most > least else least + 1.0, left, WIDTH - ROOM)
    zero = axis.at(0.0)
    parts = []
    for place, (figure, label) in enumerate(zip(shown, labels, strict=True)):
        y = ROW * place + 4
        end = axis.at(figure.value)
        begin, until = sorted((float(zero), float(end)))
        written = label if len(label) <= LONGEST else f"{label[: LONGEST - 1]}…"
        bar = tag("rect", tag("title", f"{label}: {number(figure.value)}"), class_="bar", x=f"{begin:.1f}", y=f"{y}",
                  width=f"{until - begin:.1f}", height=f"{ROW - 7}")  # fmt: skip
        parts += [words(written, "0", f"{y + 11}", name="label group"), bar]
        parts.append(words(number(figure.value), f"{until + 5:.1f}", f"{y + 11}"))
    height = ROW * len(shown) + 6
    parts.append(stroke("axis", (zero, zero), ("0", f"{height}")))
    name = shown[0].name.replace("_", " ")
    more = f", the {len(shown)} largest of {len(figures)}" if len(shown) < len(figures) else ""
    told = f"Largest: {labels[0]}, {number(shown[0].value)}. The table has the numbers."
    return tag("figure", drawing(f"{name} by group", told, height, parts), tag("figcaption", f"{name}{more}."))
