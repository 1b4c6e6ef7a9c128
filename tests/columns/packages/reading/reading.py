"""Read a text with one reader as a stream would: line by line, statement by statement."""

from __future__ import annotations

from muster.columns.packages.reading.reader import Reader
from muster.columns.packages.reference import Reference


def read(reader: Reader, text: str) -> list[Reference]:
    """Return what the reader finds, with offsets in the whole text; each must stand where it says."""
    found: list[Reference] = []
    statement, since, at = "", -1, 0
    for line in text.splitlines(keepends=True):
        if since < 0:
            since = reader.first(line, 0)
            if since < 0:
                reader.passed(line)
                at += len(line)
                continue
        statement += line
        if reader.more(statement, since):
            continue
        found += [each.moved(at, 1) for each in reader.read(statement, since)]
        at += len(statement)
        statement, since = "", -1
    if since >= 0:
        found += [each.moved(at, 1) for each in reader.read(statement, since)]
    for each in found:
        assert text[each.start : each.end] == each.text
    return found


def names(reader: Reader, text: str) -> list[str]:
    """Return the names alone."""
    return [each.name for each in read(reader, text)]
