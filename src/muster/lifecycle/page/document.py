"""Document: one HTML file that runs nothing, loads nothing, and reads on paper, on a screen and on a phone."""

from __future__ import annotations

from importlib import resources

from muster.lifecycle.page.markup import Html, tag

POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def document(title: str, *parts: Html) -> bytes:
    """Return the bytes of a page with these parts as its body."""
    style = resources.files("muster").joinpath("assets", "page.css").read_text(encoding="utf-8")
    head = tag(
        "head",
        Html('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
        Html(f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'),
        tag("title", title),
        tag("style", Html(style)),
    )
    return f"<!doctype html>\n{tag('html', head, tag('body', *parts), lang='en')}\n".encode()
