"""Single names: an index asked for one of them, never faster than a person could mind, and only when somebody asks."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from muster.adapters.packageindex.fetch import Fetcher
from muster.adapters.packageindex.index import Index
from muster.adapters.packageindex.names import ACCEPT
from muster.columns.packages.listed import Answer, Listed
from muster.columns.packages.names import Status
from muster.ports.clock import Clock
from muster.records.language.packages import Ecosystem

MOST = 200
"""Names that are asked for in one go: whoever needs more needs a list."""
PAUSE = 0.2
"""Seconds between two requests."""
LARGEST = 2**26
"""Bytes of what an index says of one name; those with most files have a third of it."""
_NPM = "application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8"
_HOLDING = "-security"
"""How npm's own version ends that takes the place of a package it removed as malware."""


def ask(
    index: Index, names: Iterable[str], clock: Clock, pause: Callable[[float], None] = time.sleep
) -> Iterator[Answer]:
    """Ask an index for names, one after the other.

    Raises
    ------
    ValueError
        If they are too many, or the index answers with something else.
    OSError
        If it does not answer; what was answered before has been yielded.
    """
    wanted = list(dict.fromkeys(names))
    if len(wanted) > MOST:
        msg = f"{len(wanted)} names, of which an index is asked for {MOST} at most: bring a list, muster packages sync"
        raise ValueError(msg)
    with Fetcher(index) as fetcher:
        for place, name in enumerate(wanted):
            if place:
                pause(PAUSE)
            found = None
            for address in _addresses(index, name):
                found = found or _one(fetcher, index.ecosystem, address, name)
            yield Answer(name, clock(), found)


def _addresses(index: Index, name: str) -> Iterator[str]:
    if index.ecosystem is Ecosystem.NPM:
        yield f"{index.address_of(name).rstrip('/')}/{quote(name, safe='@')}"
        return
    for address in index.addresses:
        yield f"{address.rstrip('/')}/{quote(name, safe='')}/"


def _one(fetcher: Fetcher, ecosystem: Ecosystem, address: str, name: str) -> Listed | None:
    if urlsplit(address).scheme == "file":
        return Listed(name) if Path(unquote(urlsplit(address).path)).is_dir() else None
    npm = ecosystem is Ecosystem.NPM
    with fetcher.get(address, _NPM if npm else ACCEPT, largest=LARGEST) as reply:
        if reply.status in {404, 410}:
            return None
        if reply.status != 200:
            raise fetcher.refuse(address, reply.status)
        content = b"".join(reply.pieces)
        if not npm and "json" not in reply.kind:
            return Listed(name)  # a page of links says no more than that it is there
    try:
        said = json.loads(content)
        return _npm(name, said) if npm else _pypi(name, said)
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
        msg = f"what the index says of {name!r} cannot be read ({type(error).__name__}: {error}); ask again later"
        raise ValueError(msg) from None


def _pypi(name: str, said: Mapping[str, Any]) -> Listed:
    """Read what PEP 691, 700 (upload times), 592 (yanked) and 792 (status of the project) say."""
    files = said["files"]
    uploaded = [day for file in files if (day := _day(file.get("upload-time")))]
    state = str((said.get("project-status") or {}).get("status", "active"))
    status = Status.LISTED
    if state == "quarantined":
        status = Status.QUARANTINED
    elif not files or all(file.get("yanked") for file in files):
        status = Status.REMOVED
    return Listed(name, None, min(uploaded, default=None), status)


def _npm(name: str, said: Mapping[str, Any]) -> Listed:
    """Read npm's abbreviated metadata; the whole document, where a registry sends that, also tells the first day."""
    latest = str((said.get("dist-tags") or {}).get("latest", ""))
    gone = not said.get("versions") or latest.endswith(_HOLDING)
    first = _day((said.get("time") or {}).get("created"))
    return Listed(name, None, first, Status.REMOVED if gone else Status.LISTED)


def _day(text: Any) -> date | None:
    return datetime.fromisoformat(text).date() if isinstance(text, str) and text else None
