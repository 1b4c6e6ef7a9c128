"""Markup: HTML from values, where text is escaped unless it is markup already; and the small picture of an interval."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from muster.records.evidence import Figure
from muster.records.policy import Limit


class Html(str):
    """Text that is markup, and is not escaped again."""

    __slots__ = ()


def tag(name: str, *children: Any, **attributes: str) -> Html:
    """Return an element; a trailing underscore in an attribute's name is dropped, others become hyphens."""
    written = "".join(f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"' for key, value in attributes.items())
    return Html(f"<{name}{written}>{text(*children)}</{name}>")


def text(*children: Any) -> Html:
    """Join children, escaping whatever is not markup."""
    return Html("".join(child if isinstance(child, Html) else escape(str(child)) for child in children))


def table(heads: Sequence[str], rows: Iterable[Sequence[Any]], caption: str) -> Html:
    """Return a table; each cell repeats its column's name, which narrow screens show before it."""
    body = [
        tag("tr", *(tag("td", tag("div", cell), data_head=head) for head, cell in zip(heads, row, strict=True)))
        for row in rows
    ]
    head = tag("tr", *(tag("th", name, scope="col") for name in heads))
    return tag("table", tag("caption", caption), tag("thead", head), tag("tbody", *body))


def short(digest: str) -> Html:
    """Return the beginning of a digest, with the whole of it where a reader looks closer."""
    return tag("code", digest.removeprefix("sha256:")[:12] or "none", title=digest)


def number(value: float | None) -> str:
    """Write a measured number to four significant digits; a dash where there is none."""
    return "–" if value is None else f"{value:,.4g}"  # noqa: RUF001 - a dash between nothing and nothing


def interval(figure: Figure) -> str:
    """Write a confidence interval."""
    return "none" if figure.low is None or figure.high is None else f"{number(figure.low)} to {number(figure.high)}"


def picture(figures: Sequence[Figure], limit: Limit) -> Html:
    """Draw figures of one name as dots with whiskers around the limit; the table beside it says the same in numbers."""
    ends = [v for f in figures for v in (f.low, f.value, f.high) if v is not None] + [limit.value]
    low, high = min(ends), max(ends)
    room = (high - low) * 0.06 or 1.0
    low, high = low - room, high + room
    width, row, left = 640, 22, 190

    def x(value: float) -> str:
        return f"{left + (value - low) / (high - low) * (width - left - 10):.1f}"

    height = row * len(figures) + 26
    parts = [
        Html(f'<line class="limit" x1="{x(limit.value)}" x2="{x(limit.value)}" y1="4" y2="{height - 20}"/>'),
        tag(
            "text", f"limit {limit.value:g}", class_="limit", x=x(limit.value), y=str(height - 5), text_anchor="middle"
        ),
    ]
    for place, figure in enumerate(figures):
        y = place * row + 16
        parts.append(text(Html(f'<text x="0" y="{y + 4}">'), (figure.group or "all rows")[:30], Html("</text>")))
        if figure.low is not None and figure.high is not None:
            parts.append(Html(f'<line x1="{x(figure.low)}" x2="{x(figure.high)}" y1="{y}" y2="{y}"/>'))
        parts.append(Html(f'<circle cx="{x(figure.value)}" cy="{y}" r="4.5"/>'))
    drawn = f"{limit.figure} of {len(figures)} groups around the limit {limit.value:g}; the table has the numbers"
    return tag("svg", *parts, viewBox=f"0 0 {width} {height}", role="img", aria_label=drawn)
