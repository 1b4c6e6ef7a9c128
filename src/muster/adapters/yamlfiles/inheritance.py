"""Inheritance of policy files: ``extends`` is resolved when a file is read, and what comes out is one whole policy.

There is no expression language. A child says its own id, and what is other than in its parents: a field takes the place
of theirs, fields of an object one by one; of the lists of requirements, sign-offs and monitors the items that are about
the same thing (control and sample role; role; control), and others are added. Nothing of a parent can be left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from muster.adapters.yamlfiles.document import Document, Place, read_document

Find = Callable[[str], tuple[str, str]]
"""Finds the policy file of that name: its text, and how errors call it; raises LookupError where there is none."""

EXTENDS = "extends"

ALIKE: Mapping[str, tuple[tuple[str, str], ...]] = {
    "requirements": (("control", ""), ("sample_role", "held-out")),
    "sign_offs": (("role", ""),),
    "monitors": (("control", ""),),
}
"""Lists whose items are joined: the fields by which two are about the same thing, with what they are if not said."""

DEEPEST = 8
"""Policies that extend each other in a row."""


@dataclass(frozen=True, slots=True)
class _Said:
    """A value (with values inside as _Said) and where it stands."""

    value: Any
    place: Place


@dataclass(frozen=True, slots=True)
class Resolved:
    """A policy file with everything that it inherits."""

    document: Document
    parents: tuple[Resolved, ...]
    """The files that it names, each resolved in its turn."""


def resolve(document: Document, find: Find | None, trail: Sequence[str] = ()) -> Resolved:
    """Resolve what a policy file extends.

    Parameters
    ----------
    find
        How other files are found; none: they cannot be.
    trail
        Names of the files that led here.

    Raises
    ------
    ValueError
        If files extend each other in a circle, two parents disagree, or one is not found: naming both files.
    """
    names = _named(document)
    if not names:
        return Resolved(document, ())
    if "id" not in document.value:
        raise document.fault(document.root, "a policy that extends another still needs an id of its own")
    if find is None:
        raise document.fault(_path(document), "nothing can be extended here: there is only this one file")
    here = (*trail, document.name)
    if len(here) > DEEPEST:
        raise document.fault(_path(document), f"more than {DEEPEST} policies extend each other: {', '.join(here)}")
    parents = tuple(_parent(document, name, find, here) for name in names)
    child = _said(document, {key: value for key, value in document.value.items() if key != EXTENDS}, document.root)
    theirs = [(each.document, _said(each.document, each.document.value, document.root)) for each in parents]
    grown = _agreed(document, theirs, child)
    whole = _joined(child, grown, "")
    places = dict(_places(whole, document.root))
    return Resolved(Document(document.name, document.root, _plain(whole), document.lines, places), parents)


def _named(document: Document) -> tuple[str, ...]:
    found = document.value.get(EXTENDS) if isinstance(document.value, dict) else None
    if found is None:
        return ()
    names = found if isinstance(found, list) else [found]
    if not names or not all(isinstance(name, str) and name.strip() for name in names):
        raise document.fault(_path(document), "name another policy file, or a list of them")
    return tuple(names)


def _path(document: Document) -> str:
    return f"{document.root}.{EXTENDS}"


def _parent(document: Document, name: str, find: Find, here: tuple[str, ...]) -> Resolved:
    try:
        text, file = find(name)
    except LookupError as error:
        raise document.fault(_path(document), str(error.args[0])) from None
    if file in here:
        raise document.fault(_path(document), f"{document.name} and {file} extend each other in a circle")
    parent = read_document(text, file, document.root)
    if not isinstance(parent.value, dict):
        raise document.fault(_path(document), f"{file} holds no policy")
    return resolve(parent, find, here)


def _said(document: Document, value: Any, path: str) -> _Said:
    if isinstance(value, dict):
        inside: Any = {key: _said(document, held, f"{path}.{key}") for key, held in value.items()}
    elif isinstance(value, list):
        inside = [_said(document, held, f"{path}[{number}]") for number, held in enumerate(value)]
    else:
        inside = value
    return _Said(inside, document.place(path))


def _agreed(document: Document, parents: Sequence[tuple[Document, _Said]], child: _Said) -> _Said:
    """Join several parents; what two of them say otherwise the child must say itself."""
    (first, grown), *others = parents
    for other, said in others:
        for path in _conflicts(grown, said, child, ""):
            if path != "id":
                msg = f"{first.name} and {other.name} say different things of {path}: say here which shall hold"
                raise document.fault(_path(document), msg)
        grown = _joined(said, grown, "")
    return grown


def _conflicts(one: _Said, other: _Said, child: _Said | None, path: str) -> Iterator[str]:
    inside = _parts(one, path), _parts(other, path)
    if None in inside:
        if child is None and _plain(one) != _plain(other):
            yield path
        return
    ours, theirs = (part or {} for part in inside)
    own = (_parts(child, path) if child is not None else None) or {}
    for key in sorted(ours.keys() & theirs.keys()):
        yield from _conflicts(ours[key], theirs[key], own.get(key), f"{path}.{key[0]}".lstrip("."))


def _parts(said: _Said, path: str) -> dict[tuple[str, ...], _Said] | None:
    """Return what is inside by name (or by what it is about); None where a value is taken as a whole."""
    if isinstance(said.value, dict):
        return {(key,): held for key, held in said.value.items()}
    if path not in ALIKE or not isinstance(said.value, list):
        return None
    found = _by_key(said, path)
    return found if len(found) == len(said.value) else None


def _joined(child: _Said, parent: _Said, path: str) -> _Said:
    own, inherited = _parts(child, path), _parts(parent, path)
    if own is None or inherited is None or type(child.value) is not type(parent.value):
        return child
    both = dict(inherited)
    for key, held in own.items():
        both[key] = _joined(held, inherited[key], f"{path}.{key[0]}".lstrip(".")) if key in inherited else held
    listed = isinstance(child.value, list)
    return _Said(list(both.values()) if listed else {key: held for (key,), held in both.items()}, child.place)


def _by_key(listed: _Said, path: str) -> dict[tuple[str, ...], _Said]:
    """Return the items of a list by what they are about; items that are no objects are about nothing."""
    found: dict[tuple[str, ...], _Said] = {}
    for item in listed.value:
        if isinstance(item.value, dict):
            held = {name: str(said.value) for name, said in item.value.items()}
            found[tuple(held.get(name, otherwise) for name, otherwise in ALIKE[path])] = item
    return found


def _plain(said: _Said) -> Any:
    if isinstance(said.value, dict):
        return {key: _plain(held) for key, held in said.value.items()}
    return [_plain(held) for held in said.value] if isinstance(said.value, list) else said.value


def _places(said: _Said, path: str) -> Iterator[tuple[str, Place]]:
    yield path, said.place
    if isinstance(said.value, dict):
        for key, held in said.value.items():
            yield from _places(held, f"{path}.{key}")
    elif isinstance(said.value, list):
        for number, held in enumerate(said.value):
            yield from _places(held, f"{path}[{number}]")
