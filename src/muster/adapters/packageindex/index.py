"""Index: where names of one ecosystem come from, as a client is configured; secrets of it are never shown."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from muster.records.language.packages import Ecosystem
from muster.rules.address import loopback


@dataclass(frozen=True, slots=True)
class Index:
    """One index, or several that a client asks for every name."""

    ecosystem: Ecosystem
    addresses: tuple[str, ...] = field(repr=False)
    """The first is the main one; may hold a user name and a password."""
    told_by: str
    """Where the addresses were found, such as ``PIP_INDEX_URL``."""
    certificate: Path | None = None
    """Certificates to trust, as a file."""
    trusted: tuple[str, ...] = ()
    """Hosts that the client was told to trust without TLS, as ``host`` or ``host:port``."""
    proxy: str = field(default="", repr=False)
    """Where requests go through, if the client's own configuration says so."""
    scopes: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Of npm: scope, such as ``@acme``, to the address of its registry."""
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Beginning of addresses, without scheme, to the value of the header Authorization."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the addresses without user names and passwords: what evidence says of them."""
        text = "\n".join([shown(address) for address in self.addresses])
        return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"

    def address_of(self, name: str) -> str:
        """Return the address that is asked for a name."""
        scope = name.partition("/")[0] if name.startswith("@") else ""
        return self.scopes.get(scope, self.addresses[0])

    def authorization(self, address: str) -> str:
        """Return the secret for an address; nothing where none is meant for it."""
        parts = urlsplit(address)
        place = f"//{parts.netloc.rpartition('@')[2]}{parts.path}"
        found = [beginning for beginning in self.secrets if _below(place, beginning)]
        return self.secrets[max(found, key=len)] if found else ""


def checked(index: Index) -> Index:
    """Return the index; raise ValueError where an address is none, or anybody on the way could change what it says."""
    for address in (*index.addresses, *index.scopes.values()):
        parts = urlsplit(address)
        where = f"{index.told_by}: {shown(address)!r}"
        if parts.scheme == "file" and parts.path:
            continue
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            msg = f"{where} is no address of an index: write it as https://HOST/PATH, or file:///FOLDER"
            raise ValueError(msg)
        trusted = {parts.hostname, parts.netloc.rpartition("@")[2]} & set(index.trusted)
        if parts.scheme == "http" and not trusted and not loopback(parts.hostname):
            msg = f"{where}: over plain http anybody on the way could say which packages exist: use https"
            raise ValueError(msg)
    return index


def shown(address: str) -> str:
    """Return an address without user name, password and closing slash, as it may be shown."""
    parts = urlsplit(address)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path.rstrip("/"), parts.query, ""))


def _below(place: str, beginning: str) -> bool:
    """Whether an address is the one that a secret is for, or below it; not merely one that begins with its letters."""
    return f"{place.rstrip('/')}/".startswith(f"{beginning.rstrip('/')}/")
