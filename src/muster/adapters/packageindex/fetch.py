"""Fetch: requests to an index, each answer bounded, and errors that name the address without its secrets."""

from __future__ import annotations

import netrc
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlsplit

import httpx2

from muster.adapters.packageindex.index import Index, shown
from muster.rules.address import loopback

SECONDS = 60.0
"""How long an index may be silent."""
LARGEST = 2**32
"""Bytes of a listing; the largest index there is has a hundredth of it."""
_PIECE = 2**16


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer whose body has not been read yet."""

    status: int
    headers: Mapping[str, str]
    pieces: Iterator[bytes]

    @property
    def kind(self) -> str:
        """Media type without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class Fetcher:
    """A connection to an index.

    Parameters
    ----------
    index
        Whose certificates, user names and secrets are used.
    """

    def __init__(self, index: Index) -> None:
        self._index = index
        local = all(loopback(urlsplit(address).hostname or "") for address in index.addresses)
        self._client = httpx2.Client(
            verify=_trusting(index),
            timeout=SECONDS,
            follow_redirects=True,
            max_redirects=5,
            trust_env=not local,
            proxy=index.proxy or None,
            auth=_netrc(),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    @contextmanager
    def get(self, address: str, accept: str, etag: str = "", largest: int = LARGEST) -> Iterator[Reply]:
        """Ask for an address; the body is read as it is taken.

        Raises
        ------
        ConnectionError
            If nobody answers, or breaks off.
        ValueError
            If the body is larger than it may be.
        """
        headers = {"accept": accept, **({"if-none-match": etag} if etag else {})}
        if secret := self._index.authorization(address):
            headers["authorization"] = secret
        request: dict[str, Any] = {"headers": headers}
        try:
            with self._client.stream("GET", address, **request) as response:
                if response.url.scheme == "http" and urlsplit(address).scheme == "https":
                    msg = f"{shown(address)}: it sends to {shown(str(response.url))}, where anybody could answer"
                    raise ValueError(msg)
                pieces = _bounded(response.iter_bytes(_PIECE), shown(address), largest)
                yield Reply(response.status_code, dict(response.headers), pieces)
        except (httpx2.TransportError, httpx2.TooManyRedirects, httpx2.DecodingError) as error:
            what = str(error).replace(address, shown(address)) or type(error).__name__
            msg = f"{shown(address)} (from {self._index.told_by}): {what}; is it the right address, and the network up?"
            raise ConnectionError(msg) from None

    def refuse(self, address: str, status: int) -> OSError:
        """Return the error to raise about an answer that is no success."""
        step = "check user name and password" if status in {401, 403} else "is it the address of an index?"
        return OSError(f"{shown(address)} (from {self._index.told_by}) answered {status}: {step}")


def _trusting(index: Index) -> ssl.SSLContext:
    """Return what verifies the index; raise ValueError where the client's file of certificates is none."""
    try:
        return ssl.create_default_context(cafile=str(index.certificate) if index.certificate else None)
    except OSError as error:
        msg = f"{index.certificate}: no file of certificates to trust ({error.strerror or error}); correct the client's"
        raise ValueError(msg) from None


def _netrc() -> httpx2.NetRCAuth | None:
    """Return the user names and passwords of the user's .netrc, as pip takes them; one that is broken is not read."""
    try:
        return httpx2.NetRCAuth()
    except (OSError, netrc.NetrcParseError):
        return None


def _bounded(pieces: Iterator[bytes], where: str, largest: int) -> Iterator[bytes]:
    read = 0
    for piece in pieces:
        read += len(piece)
        if read > largest:
            msg = f"{where}: more than {largest:,} bytes, which no index has"
            raise ValueError(msg)
        yield piece
