"""The index of packages, bound: its names taken as a list, or asked for one by one where a list does not know."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from muster.adapters.names.asked import Answers, AskedList
from muster.adapters.names.build import Origin
from muster.adapters.names.shelf import Shelf, replace_file
from muster.adapters.names.snapshot import Snapshot
from muster.adapters.packageindex import npm, pip
from muster.adapters.packageindex.index import Index, checked
from muster.adapters.packageindex.names import listing
from muster.adapters.packageindex.single import ask
from muster.columns.packages.listed import Answer, Listed
from muster.columns.packages.names import Lists, NameList
from muster.ports.clock import Clock
from muster.records.language.packages import Ecosystem
from muster.settings import Settings
from muster.wiring.packages.lists import NamesTaken, described, folder_of, lasting, readable

Progress = Callable[[str], None]
SHRUNK = 0.9
"""An index that suddenly has less than this share of its names is broken, or is not the index that it was."""
_STATE = "index.json"
"""What the index called the state of its list that is in use; no address."""


def index_of(ecosystem: Ecosystem, address: str = "") -> Index:
    """Return the index at an address, or else the one that the ecosystem's client is configured to use.

    Raises
    ------
    LookupError
        If none is configured.
    ValueError
        If the address is none, or anybody on the way could change what it says.
    """
    if ecosystem is Ecosystem.CONDA:
        msg = "channels of conda are not asked: bring a file with muster packages import FILE --ecosystem conda"
        raise LookupError(msg)
    read: Callable[..., Index] = npm.configured if ecosystem is Ecosystem.NPM else pip.configured
    if not address:
        return read(os.environ, Path.home())
    certificate = os.environ.get("SSL_CERT_FILE") or os.environ.get("PIP_CERT")
    named = Index(ecosystem, tuple(address.split()), "--index", Path(certificate) if certificate else None)
    with suppress(LookupError, ValueError):  # what is configured may have the secrets of this address; it need not be
        found = read(os.environ, Path.home(), ask=lambda _: "")
        named = replace(
            named, certificate=found.certificate, trusted=found.trusted, secrets=found.secrets, proxy=found.proxy
        )
    return checked(named)


def sync(
    settings: Settings, index: Index, clock: Clock, progress: Progress, *, accept_fewer: bool = False
) -> NamesTaken:
    """Take all names of an index; where it says that nothing has changed, the list in use is of this moment.

    Parameters
    ----------
    accept_fewer
        Take a list that is much shorter than the one in use, too.

    Raises
    ------
    LookupError
        If indexes of this ecosystem do not list their names.
    OSError, ValueError
        If the index does not answer, with something else than names, or with far fewer; the list in use stays.
    """
    shelf, kind = Shelf(folder_of(settings)), index.ecosystem
    used = readable(shelf, kind)
    state = shelf.folder / kind.value / _STATE
    etag = _etag(state, index, used)
    now = clock()
    with listing(index, etag, progress) as found:
        if found is None:
            made = shelf.renew(_had(used), now)
            progress("nothing has changed")
        else:
            etag = found.etag
            origin = Origin(kind, complete=True, taken_at=now, source="index", index=index.fingerprint)
            names = _enough(found.names, 0 if accept_fewer else _least(used, index))
            made = shelf.put(origin, names, lasting(used), lambda: found.about.serial, progress)
    content = {"index": index.fingerprint, "etag": etag, "list": made.digest}
    replace_file(state, json.dumps(content).encode())
    return described(made.manifest, made.digest)


def asked(
    settings: Settings, lists: Lists, wanted: Iterable[tuple[Index, Iterable[str]]], clock: Clock, progress: Progress
) -> Lists:
    """Ask indexes for names, and return the lists with the answers laid over them.

    Parameters
    ----------
    wanted
        Indexes, and the names in normal form to ask each for; what it was asked for within a day is not asked again.

    Raises
    ------
    OSError, ValueError
        If an index does not answer, or names are too many.
    """
    names = dict(lists.names)
    for index, asked_for in wanted:
        under = names.get(index.ecosystem)
        names[index.ecosystem] = _laid_over(settings, index, under, set(asked_for), clock, progress)
    return Lists(names, lists.imports)


def _laid_over(
    settings: Settings, index: Index, under: NameList | None, names: set[str], clock: Clock, progress: Progress
) -> NameList:
    answers = Answers(folder_of(settings) / index.ecosystem.value, index.fingerprint)
    had = answers.fresh(clock())
    missing = sorted(names - had.keys())
    if missing:
        progress(f"asking for {len(missing)} names of {index.ecosystem.value} (from {index.told_by})")
    got: list[Answer] = []
    try:
        got.extend(ask(index, missing, clock))
    finally:
        answers.keep(got, clock())
    found = {name: had[name] for name in names & had.keys()} | {answer.name: answer for answer in got}
    return AskedList(index.ecosystem, under, found, every=True)


def _had(used: Snapshot | None) -> Snapshot:
    """Return the list in use, which an index that has no other was told of."""
    if used is None:
        msg = "the index says that nothing has changed since a list that there is not: ask again later"
        raise ValueError(msg)
    return used


def _least(used: Snapshot | None, index: Index) -> int:
    """Return how many names an index must have at least that gave the list in use."""
    same = used is not None and used.complete and used.manifest.index == index.fingerprint
    return int(used.manifest.names * SHRUNK) if used is not None and same else 0


def _enough(names: Iterator[Listed], least: int) -> Iterator[Listed]:
    count = 0
    for count, listed in enumerate(names, 1):  # noqa: B007 - the count is looked at behind the loop
        yield listed
    if count < least:
        msg = (
            f"the index has {count:,} names, the list that it gave before {round(least / SHRUNK):,}: that list stays "
            "in use; if the index did shrink, say --accept-fewer"
        )
        raise ValueError(msg)


def _etag(state: Path, index: Index, used: Snapshot | None) -> str:
    """Return what the index called the state of the list in use; nothing where that is of another index."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        kept = json.loads(state.read_bytes())
        if used is not None and (kept["index"], kept["list"]) == (index.fingerprint, used.digest):
            return str(kept["etag"])
    return ""
