"""Markup: HTML from values, where text is escaped unless it is markup already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from muster.records.evidence import Figure

NOTHING = "–"  # noqa: RUF001 - a dash between nothing and nothing


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


def table(heads: Sequence[str], rows: Iterable[Sequence[Any]], caption: Any) -> Html:
    """Return a table; each cell repeats its column's name, which narrow screens show before it."""
    body = [
        tag("tr", *(tag("td", tag("div", cell), data_head=head) for head, cell in zip(heads, row, strict=True)))
        for row in rows
    ]
    head = tag("tr", *(tag("th", name, scope="col") for name in heads))
    return tag("table", tag("caption", caption), tag("thead", head), tag("tbody", *body))


def facts(named: Mapping[str, Any]) -> Html:
    """Return a list of named things."""
    return tag("dl", *(text(tag("dt", name), tag("dd", value)) for name, value in named.items()))


def short(digest: str) -> Html:
    """Return the beginning of a digest, with the whole of it where a reader looks closer."""
    return tag("code", digest.removeprefix("sha256:")[:12] or "none", title=digest)


def number(value: float | None) -> str:
    """Write a measured number to four significant digits, a large one to the unit; a dash where there is none."""
    if value is None:
        return NOTHING
    return f"{value:,.0f}" if 10_000 <= abs(value) < 1e15 else f"{value:,.4g}"


def exact(value: float | None) -> Html:
    """Return a measured number as :func:`number` writes it, with every digit of it where a machine reads."""
    return text(NOTHING) if value is None else tag("data", number(value), value=repr(value))


def interval(figure: Figure) -> str:
    """Write a confidence interval."""
    return "none" if figure.low is None or figure.high is None else f"{number(figure.low)} to {number(figure.high)}"


def settings(values: Mapping[str, Any]) -> str:
    """Write named settings in one line."""
    said = (f"{name} {number(v) if isinstance(v, float) else v}" for name, v in sorted(values.items()))
    return ", ".join(said) or "none set"


def said(value: Any) -> str:
    """Write a parameter of a check as a reader would."""
    if isinstance(value, Mapping):
        return "; ".join(f"{name} {said(item)}" for name, item in value.items())
    return ", ".join(map(said, value)) if isinstance(value, (list, tuple)) else str(value)
