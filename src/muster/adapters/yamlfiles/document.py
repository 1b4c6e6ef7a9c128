"""Strict YAML: plain data only, one meaning for every text, and the line of everything."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

import yaml

from muster.records.codec import decode

T = TypeVar("T")

LARGEST = 1_000_000
"""Characters a file may have; what people write is a hundredth of it."""
DEEPEST = 20
"""Levels of lists and objects inside each other."""

_INTEGER = re.compile(r"[-+]?[0-9]{1,15}")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: dict[str, Any] = {"": None, "~": None, "null": None, "true": True, "false": False}
_OLD_BOOLEANS = frozenset({"yes", "no", "on", "off", "y", "n"})
_FIELD = re.compile(r"(?P<path>[^:\s]+): (?P<what>.*)", re.DOTALL)
_UNKNOWN = re.compile(r"unknown field (?P<found>[^;,]+).*known are (?P<known>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Document:
    """What a YAML file says, and on which line it says it.

    Parameters
    ----------
    name
        File name, as errors give it.
    root
        First word of every path, such as ``policy`` in ``policy.requirements[0].limit``.
    value
        Plain JSON values.
    lines
        Path to line number, from 1.
    places
        Path to where it stands, for what was put together from several files.
    """

    name: str
    root: str
    value: Any
    lines: dict[str, int]
    places: dict[str, Place] = field(default_factory=dict)

    def decode(self, record: type[T]) -> T:
        """Build a record of the whole file; raise ValueError with file, line, field and a fix."""
        try:
            return decode(record, self.value, self.root)
        except ValueError as fault:
            found = _FIELD.fullmatch(str(fault))
            if found is None:
                raise
            raise self.fault(found["path"], found["what"]) from None

    def fault(self, path: str, what: str) -> ValueError:
        """Return the error to raise about the field at ``path``."""
        if unknown := _UNKNOWN.fullmatch(what):
            near = difflib.get_close_matches(unknown["found"], unknown["known"].split(", "), 1)
            what += f"; did you mean {near[0]}?" if near else ""
            path = f"{path}.{unknown['found']}"
        name = path.removeprefix(self.root).removeprefix(".")
        name += ": " if name else ""
        place = self.place(path)
        return ValueError(f"{place.file}, line {place.line}: {name}{what}")

    def place(self, path: str) -> Place:
        """Return where the field at ``path`` stands, or else what it would stand in."""
        while path and path not in (self.places or self.lines):
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self.places.get(path) or Place(self.name, self.lines.get(path, 1))


def read_sound(text: str, name: str, root: str, record: type[T], faults: Callable[[T], Iterable[tuple[str, str]]]) -> T:
    """Read YAML text as a record in which nothing is wrong.

    Parameters
    ----------
    text
        The YAML text.
    name
        File name, for errors.
    root
        What the file is called, such as ``questionnaire``.
    faults
        Gives the path of each field below the root that makes no sense, and why.

    Raises
    ------
    ValueError
        With file, line, field, what is wrong and how to mend it.
    """
    document = read_document(text, name, root)
    found = document.decode(record)
    for path, what in faults(found):
        place = f"{root}.{path}"
        raise document.fault(place, what)
    return found


def read_document(text: str, name: str, root: str) -> Document:
    """Read YAML text as data.

    Scalars follow YAML 1.2's core schema (``010`` is ten, a date is text), and whatever could surprise a reader is an
    error: duplicate keys, anchors and aliases (a short file may unfold to gigabytes), tags (which may name code), a
    bare ``no`` or ``on``, several documents, keys that are not text, infinite numbers, endless depth or size.

    Raises
    ------
    ValueError
        With file name, line, what is wrong and what to write instead.
    """
    if len(text) > LARGEST:
        msg = f"{name}: {len(text):,} characters, at most {LARGEST:,} are read: is it the right file?"
        raise ValueError(msg)
    try:
        _refuse_surprises(text, name)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as fault:
        place = fault.problem_mark or fault.context_mark
        line = place.line + 1 if place else 1
        msg = f"{name}, line {line}: not YAML: {fault.problem or fault.context}; check indentation, colons, quotes"
        raise ValueError(msg) from None
    except yaml.reader.ReaderError as fault:
        line = text.count("\n", 0, fault.position) + 1
        msg = f"{name}, line {line}: the character {fault.character!r} may not stand in YAML; remove it"
        raise ValueError(msg) from None
    if node is None:
        msg = f"{name}: the file is empty; it should hold a {root}"
        raise ValueError(msg)
    lines: dict[str, int] = {}
    value = _Reader(name, lines).read(node, root)
    return Document(name, root, value, lines)


def _refuse_surprises(text: str, name: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, (yaml.CollectionStartEvent, yaml.CollectionEndEvent)):
            depth += 1 if isinstance(event, yaml.CollectionStartEvent) else -1
        if problem := _surprise(event, depth):
            line = event.start_mark.line + 1 if event.start_mark else 1
            msg = f"{name}, line {line}: {problem}"
            raise ValueError(msg)


def _surprise(event: yaml.Event, depth: int) -> str:
    if depth > DEEPEST:
        return f"more than {DEEPEST} lists and objects inside each other"
    if isinstance(event, yaml.NodeEvent) and event.anchor is not None:
        return f"anchors and aliases ({event.anchor}) are not allowed: write the value where it is meant"
    if tag := getattr(event, "tag", None):
        return f"tags are not allowed, remove {tag!r}: values are plain text, numbers, true and false"
    return ""


class _Reader:
    """Turns composed nodes into plain values and notes the line of each."""

    def __init__(self, name: str, lines: dict[str, int]) -> None:
        self._name = name
        self._lines = lines

    def read(self, node: yaml.Node, path: str) -> Any:
        self._lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return dict(self._pairs(node, path))
        if isinstance(node, yaml.SequenceNode):
            return [self.read(item, f"{path}[{place}]") for place, item in enumerate(node.value)]
        quoted = isinstance(node, yaml.ScalarNode) and node.style
        return node.value if quoted else self._plain(node)

    def _pairs(self, node: yaml.MappingNode, path: str) -> Iterator[tuple[str, Any]]:
        seen: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode) or not isinstance(self.read(key, "?"), str):
                msg = f"{self._name}, line {line}: a key must be text; put {getattr(key, 'value', 'it')} in quotes"
                raise ValueError(msg)
            if key.value in seen:
                msg = f"{self._name}, line {line}: {key.value} stands twice, first on line {seen[key.value]}; keep one"
                raise ValueError(msg)
            seen[key.value] = line
            self._lines[f"{path}.{key.value}"] = line
            yield key.value, self.read(value, f"{path}.{key.value}")

    def _plain(self, node: yaml.Node) -> Any:
        text: str = node.value
        if text.lower() in _WORDS and text in {text.lower(), text.upper(), text.capitalize()}:
            return _WORDS[text.lower()]
        line = node.start_mark.line + 1
        if text.lower() in _OLD_BOOLEANS:
            msg = (
                f'{self._name}, line {line}: some tools read {text} as a truth value; write true or false, or "{text}"'
            )
            raise ValueError(msg)
        if _INTEGER.fullmatch(text):
            return int(text)
        if not _NUMBER.fullmatch(text):
            return text
        if not math.isfinite(number := float(text)):
            msg = f"{self._name}, line {line}: {text} is too large a number"
            raise ValueError(msg)
        return number
