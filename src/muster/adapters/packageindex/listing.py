"""Listing: names out of the simple API's JSON (PEP 691) or HTML (PEP 503), read as it arrives and never held whole.

An index of a million projects is fifty megabytes of JSON, which would take half a gigabyte once parsed.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any, NoReturn

LARGEST_VALUE = 2**22
"""Characters of one value of the JSON, or of one tag: what is longer is no list of names."""
_ROOM = 2**16
"""Characters that are read on at a time, so that a value is not tried again for every small piece that arrives."""
_SPACE = " \t\r\n"


@dataclass(slots=True)
class About:
    """What a listing says of itself, known once it has been read."""

    serial: int | None = None
    """``_last-serial`` of the index: its count of changes."""


def read_json(chunks: Iterable[bytes], where: str, about: About | None = None) -> Iterator[str]:
    """Yield the names of a listing: ``{"projects": [{"name": ...}, ...]}``, or a plain list of names.

    Parameters
    ----------
    chunks
        The document in pieces of any size.
    where
        How errors name it.
    about
        Is told what the listing says of itself.

    Raises
    ------
    ValueError
        If it is cut off, or is no such listing; names may have been yielded before that.
    """
    text = _Text(chunks, where)
    if text.sign() == "[":
        yield from _names(text)
    else:
        found = False
        for key in _members(text):
            if key == "projects":
                found = True
                yield from _names(text)
            else:
                _note(key, text.value(), about)
        if not found:
            text.fail("it has no list called projects")
    if text.sign():
        text.fail("something stands behind the end of the list")


def read_html(chunks: Iterable[bytes], where: str) -> Iterator[str]:
    """Yield the text of each link; raise ValueError where the page is not UTF-8, or one tag has no end."""
    decode = codecs.getincrementaldecoder("utf-8")().decode
    links = _Links()
    try:
        for chunk in chunks:
            links.feed(decode(chunk))
            if links.pending() > LARGEST_VALUE:
                msg = f"{where}: a tag of more than {LARGEST_VALUE:,} characters: is it the page of an index?"
                raise ValueError(msg)
            yield from links.take()
        links.feed(decode(b"", final=True))
        links.close()
        yield from links.take()
    except UnicodeDecodeError as error:
        msg = f"{where}: not UTF-8 ({error.reason}): is it the page of an index?"
        raise ValueError(msg) from None


class _Text:
    """A window that moves over the document."""

    def __init__(self, chunks: Iterable[bytes], where: str) -> None:
        self._chunks = iter(chunks)
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._read = json.JSONDecoder().raw_decode
        self._text = ""
        self._at = 0
        self._passed = 0
        self._where = where

    def sign(self) -> str:
        """Return the next character that is no space, without taking it; nothing at the end."""
        while True:
            while self._at < len(self._text):
                if self._text[self._at] not in _SPACE:
                    return self._text[self._at]
                self._at += 1
            if not self._more():
                return ""

    def take(self, wanted: str) -> str:
        """Take the next sign, which must be one of these."""
        found = self.sign()
        if not found or found not in wanted:
            what = f"{found!r} stands where {' or '.join(wanted)} should" if found else "it is cut off"
            self.fail(what)
        self._at += 1
        return found

    def value(self) -> Any:
        """Take the next value whole."""
        if not self.sign():
            self.fail("it is cut off")
        while True:
            try:
                value, end = self._read(self._text, self._at)
            except (json.JSONDecodeError, RecursionError) as error:
                if len(self._text) - self._at > LARGEST_VALUE or not self._more():
                    what = getattr(error, "msg", "lists inside lists without end")
                    self.fail(f"not JSON: {what}")
                continue
            if end < len(self._text) or not self._more():  # a number may go on in the next piece
                self._at = end
                return value

    def fail(self, what: str) -> NoReturn:
        """Raise ValueError about this place."""
        msg = f"{self._where}, character {self._passed + self._at:,}: {what}; get the list again"
        raise ValueError(msg) from None

    def _more(self) -> bool:
        """Read on, and forget what was passed; false at the end."""
        parts = [self._text[self._at :]]
        wanted = _ROOM
        try:
            while wanted > 0:
                chunk = next(self._chunks, None)
                parts.append(self._decoder.decode(chunk or b"", final=chunk is None))
                wanted -= len(parts[-1])
                if chunk is None:
                    break
        except UnicodeDecodeError as error:
            self.fail(f"not UTF-8 ({error.reason})")
        self._passed += self._at
        grown = any(parts[1:])
        self._text, self._at = "".join(parts), 0
        return grown


def _members(text: _Text) -> Iterator[str]:
    """Yield the keys of an object; whoever asks takes the value before the next key."""
    text.take("{")
    ending = text.take("}") if text.sign() == "}" else ""
    while ending != "}":
        key = text.value()
        if not isinstance(key, str):
            text.fail(f"a key is {key!r}, not text")
        text.take(":")
        yield key
        ending = text.take(",}")


def _names(text: _Text) -> Iterator[str]:
    text.take("[")
    ending = text.take("]") if text.sign() == "]" else ""
    while ending != "]":
        project = text.value()
        name = project.get("name") if isinstance(project, dict) else project
        if not isinstance(name, str):
            text.fail("a project has no name")
        yield name
        ending = text.take(",]")


def _note(key: str, value: Any, about: About | None) -> None:
    serial = value.get("_last-serial") if key == "meta" and isinstance(value, dict) else None
    if about is not None and isinstance(serial, int):
        about.serial = serial


class _Links(HTMLParser):
    """Collects the texts of links."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._found: list[str] = []
        self._open: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - its signature
        if tag == "a":
            self._open = []

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._open is not None:
            self._found.append("".join(self._open).strip())
            self._open = None

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            self._open.append(data)

    def pending(self) -> int:
        """Characters that wait for the end of a tag or a link."""
        return len(self.rawdata) + sum(map(len, self._open or ()))

    def take(self) -> list[str]:
        """Return the texts found since the last time."""
        found, self._found = self._found, []
        return found
