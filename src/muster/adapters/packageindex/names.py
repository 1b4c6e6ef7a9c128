"""Names: every one of an index that lists them, read as they arrive; unchanged where the index says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from muster.adapters.packageindex.fetch import Fetcher, Reply
from muster.adapters.packageindex.index import Index, shown
from muster.adapters.packageindex.listing import About, read_html, read_json
from muster.columns.packages.listed import Listed, valid
from muster.records.language.packages import Ecosystem

ACCEPT = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"
_JSON = frozenset({"application/vnd.pypi.simple.v1+json", "application/json"})
_HTML = frozenset({"application/vnd.pypi.simple.v1+html", "text/html"})


@dataclass(slots=True)
class Listing:
    """The names of an index, to be taken once."""

    names: Iterator[Listed]
    etag: str = ""
    """What the index calls this state of its list; empty where it does not say, or several are asked."""
    about: About = field(default_factory=About)
    """What the list says of itself, known once the names were taken."""


@contextmanager
def listing(index: Index, etag: str = "", progress: Callable[[str], None] = lambda _: None) -> Iterator[Listing | None]:
    """Ask an index for all its names.

    Parameters
    ----------
    etag
        Of the list that is had already: the index may say that it is the same still, and None is given.

    Raises
    ------
    LookupError
        If indexes of this ecosystem do not list their names.
    OSError, ValueError
        If it does not answer, or with something else than its names.
    """
    if index.ecosystem is not Ecosystem.PYPI:
        msg = (
            f"registries of {index.ecosystem.value} do not list their names: bring a file with "
            f"muster packages import FILE --ecosystem {index.ecosystem.value}, or let muster packages check --ask "
            "ask for single names"
        )
        raise LookupError(msg)
    first, *others = index.addresses
    about = About()
    with Fetcher(index) as fetcher:
        if urlsplit(first).scheme == "file":
            names = _chained(_folder(first), _each(fetcher, others, progress))
            yield Listing(_sound(names), "", about)
            return
        progress(f"asking {shown(first)} (from {index.told_by})")
        with fetcher.get(_root(first), ACCEPT, "" if others else etag) as reply:
            if reply.status == 304:
                yield None
                return
            if reply.status != 200:
                raise fetcher.refuse(first, reply.status)
            names = _chained(_read(reply, first, about), _each(fetcher, others, progress))
            yield Listing(_sound(names), "" if others else reply.headers.get("etag", ""), about)


def _chained(first: Iterator[str], rest: Iterator[str]) -> Iterator[str]:
    yield from first
    yield from rest


def _each(fetcher: Fetcher, addresses: list[str], progress: Callable[[str], None]) -> Iterator[str]:
    """Yield the names of further indexes; a folder that is not there is passed over, as pip does."""
    for address in addresses:
        if urlsplit(address).scheme == "file":
            try:
                yield from _folder(address)
            except FileNotFoundError as error:
                progress(f"{error}: passed over")
            continue
        progress(f"asking {shown(address)}")
        with fetcher.get(_root(address), ACCEPT) as reply:
            if reply.status != 200:
                raise fetcher.refuse(address, reply.status)
            yield from _read(reply, address, About())


def _read(reply: Reply, address: str, about: About) -> Iterator[str]:
    if reply.kind in _JSON:
        return read_json(reply.pieces, shown(address), about)
    if reply.kind in _HTML:
        return read_html(reply.pieces, shown(address))
    msg = (
        f"{shown(address)}: it answered with {reply.kind or 'nothing'}, not with names; is it the address of an index?"
    )
    raise ValueError(msg)


def _folder(address: str) -> Iterator[str]:
    """Yield the names of an index that is a folder: one folder a package (PEP 503 laid out in files)."""
    folder = Path(unquote(urlsplit(address).path))
    if not folder.is_dir():
        msg = f"{folder}: no folder of an index is there"
        raise FileNotFoundError(msg)
    return (path.name for path in sorted(folder.iterdir()) if path.is_dir())


def _sound(names: Iterator[str]) -> Iterator[Listed]:
    """Yield the names that can be names; an index may list what nobody could install."""
    for name in names:
        try:
            yield Listed(valid(Ecosystem.PYPI, name))
        except ValueError:
            continue


def _root(address: str) -> str:
    return address.rstrip("/") + "/"
