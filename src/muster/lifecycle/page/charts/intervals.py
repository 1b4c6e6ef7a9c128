"""Intervals: figures of one name as marks with whiskers, around the limit that a policy puts on them."""

from __future__ import annotations

from collections.abc import Sequence

from muster.lifecycle.page.charts.frame import WIDTH, Axis, drawing, mark, stroke, tick_label, words
from muster.lifecycle.page.limits import Standing, standing
from muster.lifecycle.page.markup import Html, interval, number, tag, text
from muster.records.evidence import Figure
from muster.records.policy import Comparison, Limit, Meets
from muster.rules.gate.limits import phrase

MOST = 24
"""Groups drawn; the table has all."""

ROW, TOP, LONGEST = 22, 22, 30

LOOKS = {
    Standing.BETTER: ("dot", "better"),
    Standing.EXACT: ("dot", "better"),
    Standing.WORSE: ("diamond", "worse"),
    Standing.OPEN: ("ring", "open"),
    None: ("dot", "plain"),
}
"""Shape and class of an outcome: told apart without colour too."""


def intervals(figures: Sequence[Figure], limit: Limit | None = None) -> Html:
    """Draw figures of one name, at least one; of very many those that are worst by the limit.

    Parameters
    ----------
    figures
        With one name, each of another group.
    limit
        What the figures are held against; None draws them without judgement.
    """
    shown = list(figures) if len(figures) <= MOST else _worst(figures, limit)
    labels = [figure.group or "all rows" for figure in shown]
    left = min(max(map(len, labels)), LONGEST) * 6.6 + 18
    ends = [value for f in shown for value in (f.low, f.value, f.high) if value is not None]
    axis = Axis.around(ends if limit is None else [*ends, limit.value], left, WIDTH - 12)
    bottom = TOP + ROW * len(shown)
    parts = [part for tick in axis.ticks(4) for part in _tick(axis, tick, bottom)]
    for place, (figure, label) in enumerate(zip(shown, labels, strict=True)):
        parts += _row(figure, label, limit, axis, TOP + ROW * place + ROW / 2)
    if limit is not None:
        at = axis.at(limit.value)
        anchor = "end" if float(at) > WIDTH - 60 else "middle"
        parts.append(stroke("limit", (at, at), (f"{TOP - 6}", f"{bottom}")))
        parts.append(words(f"limit {limit.value:g}", at, f"{TOP - 9}", anchor, "label limit"))
    name = shown[0].name.replace("_", " ")
    title = f"{name} of {len(shown)} groups" if len(shown) > 1 or shown[0].group else name
    if limit is not None:
        title += f" around the limit {limit.value:g}"
    drawn = drawing(title, _told(shown, figures, limit), bottom + 20, parts)
    return tag("figure", drawn, tag("figcaption", _caption(shown, figures, limit)))


def _worst(figures: Sequence[Figure], limit: Limit | None) -> list[Figure]:
    """Return those that stand worst to the limit, worst first; the largest ones where there is none."""

    def room(figure: Figure) -> float:
        match limit.comparison if limit else None:
            case Comparison.AT_LEAST:
                return figure.value
            case Comparison.AT_MOST:
                return -figure.value
        return -abs(figure.value - (limit.value if limit else 0.0))

    return sorted(figures, key=room)[:MOST]


def _tick(axis: Axis, tick: float, bottom: float) -> tuple[Html, Html]:
    at = axis.at(tick)
    return stroke("grid", (at, at), (f"{TOP}", f"{bottom}")), words(tick_label(tick), at, f"{bottom + 16}", "middle")


def _row(figure: Figure, label: str, limit: Limit | None, axis: Axis, y: float) -> list[Html]:
    shape, look = LOOKS[None if limit is None else standing(limit, figure)]
    written = label if len(label) <= LONGEST else f"{label[: LONGEST - 1]}…"
    parts = [words(written, "0", f"{y + 4.5:g}", name="label group")]
    if figure.low is not None and figure.high is not None:
        parts.append(stroke(f"whisker {look}", (axis.at(figure.low), axis.at(figure.high)), (f"{y:g}", f"{y:g}")))
    told = f"{label}: {number(figure.value)}, 95 % interval {interval(figure)}, n {figure.n:,}"
    return [*parts, mark(shape, axis.at(figure.value), f"{y:g}", told, look)]


def _told(shown: Sequence[Figure], figures: Sequence[Figure], limit: Limit | None) -> str:
    """Say what the picture shows; the table beside it has the numbers."""
    if limit is None:
        return "Marks with 95 % intervals; the table has the numbers."
    counted = [(outcome, sum(standing(limit, f) is outcome for f in figures)) for outcome in Standing]
    outcomes = ", ".join(f"{count} {outcome.value}" for outcome, count in counted if count)
    of = f" (the worst {len(shown)} are drawn)" if len(shown) < len(figures) else ""
    return f"Of {len(figures)}{of}: {outcomes}. The table has the numbers."


def _caption(shown: Sequence[Figure], figures: Sequence[Figure], limit: Limit | None) -> Html:
    drawn = f" The {len(shown)} {'worst' if limit else 'largest'} of {len(figures)}." * (len(shown) < len(figures))
    if limit is None:
        return text(shown[0].name.replace("_", " "), f", with 95 % intervals where there are any.{drawn}")
    found = [outcome for outcome in Standing if any(standing(limit, figure) is outcome for figure in figures)]
    keys = [tag("span", one.value, class_=f"key {LOOKS[one][1]}") for one in found]
    point = " The point counts, not the interval." * (
        limit.meets is Meets.POINT and any(f.low != f.high for f in shown)
    )
    return text(f"Demanded: {phrase(limit)}.{point}{drawn} ", *(text(key, " ") for key in keys))
