"""Typeset: our own HTML as a source for typst, which makes PDF of it.

Every text becomes a string of typst's, in which nothing but backslash and quote means anything: whatever a name in the
ledger says, it is set as text. Charts are handed over as SVG, with the rules of the page's style that concern them.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from importlib import resources
from itertools import zip_longest
from xml.etree import ElementTree as ET

from muster.lifecycle.page.markup import Html, text

PREAMBLE = """#set page(paper: "a4", margin: (x: 2cm, y: 2.2cm), numbering: "1 / 1")
#set text(font: "Libertinus Serif", size: 10pt, lang: "en")
#set par(justify: false)
#set table(stroke: (x: none, y: 0.4pt + luma(200)), inset: (x: 4pt, y: 3pt), align: left + top)
#show table: set text(size: 8pt)
#show table: set par(leading: 0.5em)
#let mono(body) = text(font: "DejaVu Sans Mono", size: 0.8em, body)
#let quiet(body) = text(size: 0.85em, fill: luma(90), body)
#show heading.where(level: 1): set text(size: 20pt)
#show heading.where(level: 2): it => block(above: 1.6em, below: 0.8em, sticky: true, text(size: 13pt, it.body))
#show heading.where(level: 3): it => block(above: 1.2em, below: 0.6em, sticky: true, text(size: 11pt, it.body))
#show heading.where(level: 4): it => block(above: 1.1em, below: 0.5em, sticky: true, text(size: 10pt, it.body))
#show heading.where(level: 5): it => block(above: 1.1em, below: 0.5em, sticky: true, text(size: 9pt, it.body))
"""


_AROUND = {
    "h1": ("\n\n= ", "\n\n"),
    "h2": ("\n\n== ", "\n\n"),
    "h3": ("\n\n=== ", "\n\n"),
    "h4": ("\n\n==== ", "\n\n"),
    "h5": ("\n\n===== ", "\n\n"),
    "strong": ("#strong[", "];"),
    "b": ("#strong[", "];"),
    "code": ("#mono[", "];"),
    "pre": ("\n\n#mono[", "];\n\n"),
    "small": (" #quiet[", "];"),
    "figcaption": ("\n\n#quiet[", "];\n\n"),
    "caption": ("\n\n#block(sticky: true)[#quiet[", "];]\n\n"),
    "figure": ("\n\n#block(breakable: false)[", "]\n\n"),
    "li": ("#list.item[", "];\n"),
}
"""What is written before and after what is in an element."""

_BLOCKS = frozenset({"p", "section", "article", "div", "header", "footer", "main", "ul", "details"})
_LEADING = frozenset({"figure", "table", "ul", "dl"})
"""What a paragraph before it stays on one page with."""

_WHOLE = 14
"""Rows of a table that no page break divides."""

_MARKS = {"worse": "◆", "second": "◆", "chosen": "◆", "open": "○", "third": "○", "quiet": "○", "limit": "┈"}
"""Of the keys of charts, as the page's style has them; any other is a dot."""

_LEFT_OUT = frozenset({"nav", "style", "script", "summary"})
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 (section 2.2) cannot hold, and a page has no use for."""


def typeset(title: str, at: datetime, *parts: Html) -> str:
    """Return the typst source of a document with these parts; ``at`` is its date, so that it is made alike again."""
    # Our own markup is well-formed: what is in it was escaped when it was made.
    tree = ET.fromstring(f"<main>{_ILLEGAL.sub(' ', text(*parts))}</main>")  # noqa: S314 - our own
    date = f"datetime(year: {at.year}, month: {at.month}, day: {at.day})"
    return f"#set document(title: {_string(title)}, date: {date})\n{PREAMBLE}{_set(tree)}\n"


def _string(words: str) -> str:
    """Write a string of typst's: it knows the escapes of backslash and quote, and takes all else as it stands."""
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _words(words: str | None) -> str:
    """Set text, with one space where there is any."""
    closed = re.sub(r"\s+", " ", words or "")
    return f"#{_string(closed)};" if closed else ""


def _set(element: ET.Element) -> str:
    """Set an element; one that is not known is set as what is in it."""
    tag = element.tag
    if tag in _LEFT_OUT:
        return ""
    if tag == "svg":
        return _drawing(element)
    if tag == "table":
        return _table(element)
    if tag == "dl":
        cells = "".join(f"[{_inner(each)}],\n" for each in element)
        return f"\n\n#table(columns: (28%, 1fr), stroke: none,\n{cells})\n\n"
    if tag == "span" and (looks := element.get("class", "").split())[:1] == ["key"]:
        return _key(element, looks[-1])
    before, after = ("\n\n", "\n\n") if tag in _BLOCKS else _AROUND.get(tag, ("", ""))
    return f"{before}{_inner(element)}{after}"


def _inner(element: ET.Element) -> str:
    children = list(element)
    said = [_words(element.text)]
    for each, following in zip_longest(children, children[1:]):
        leads = each.tag == "p" and following is not None and following.tag in _LEADING
        said += [f"\n\n#block(sticky: true)[{_set(each)}]\n\n" if leads else _set(each), _words(each.tail)]
    return "".join(said)


def _key(element: ET.Element, look: str) -> str:
    """Set a key of a chart with its mark, in the colour that it has there."""
    colour = _string(_colours().get(look, "#000000"))
    return f"#text(fill: rgb({colour}))[#mono[{_words(_MARKS.get(look, '●'))}] {_inner(element)}]"


def _table(element: ET.Element) -> str:
    heads = "".join(f"[#strong[{_inner(each)}]], " for each in element.iterfind("thead/tr/th"))
    cells = "".join(f"[{_inner(each)}],\n" for each in element.iterfind("tbody/tr/td"))
    count = len(element.findall("thead/tr/th"))
    captions = "".join(map(_set, element.iterfind("caption")))
    rows = len(element.findall("tbody/tr"))
    made = f"#table(columns: {count}, table.header({heads}),\n{cells})"
    return f"{captions}{f'#block(breakable: false)[{made}]' if rows <= _WHOLE else made}\n\n"


def _drawing(element: ET.Element) -> str:
    """Hand over a chart with its colours, and its words for those who do not see it."""
    told = element.get("aria-label", "")
    drawn = ET.tostring(element, encoding="unicode").replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    begin, _, rest = drawn.partition(">")
    image = _string(f"{begin}><style>{_style()}</style>{rest}")
    return f'\n\n#image(bytes({image}), format: "svg", width: 78%, alt: {_string(told)})\n\n'


@cache
def _style() -> str:
    """Return the rules of the page's style that concern charts, with its variables put in: drawings know none."""
    kept = [f"{names}{{{body}}}" for names, body in _rules() if re.match(r"(svg|\.[a-z-]+[ ,.]*)", names)]
    return " ".join(rule for rule in kept if "::" not in rule).replace("<", "")


@cache
def _colours() -> dict[str, str]:
    """Return the colour of each class that the page's style gives one and nothing else."""
    found = ((names, re.fullmatch(r"color: (#[0-9a-f]+);", body.strip())) for names, body in _rules())
    return {name: colour[1] for names, colour in found if colour for name in re.findall(r"\.([a-z-]+)", names)}


@cache
def _rules() -> tuple[tuple[str, str], ...]:
    """Return the rules of the page's style for screens, with its variables put in."""
    css = resources.files("muster").joinpath("assets", "page.css").read_text(encoding="utf-8")
    screen = css.partition("@media")[0]
    named = dict(re.findall(r"(--[a-z-]+): ([^;}]+)", screen))
    screen = re.sub(r"var\((--[a-z-]+)\)", lambda found: named[found[1]], screen)
    return tuple((names.strip(), body) for names, body in re.findall(r"([^{}]+)\{([^{}]*)\}", screen))
