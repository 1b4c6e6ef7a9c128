"""Site: the address under which browsers see the control plane, and what follows for cookies and origins."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

_LOCAL_PATH = re.compile(r"/(?![/\\])[!-\[\]-~]*")
"""A path of ours: it begins with one slash, and has no backslash, space, control or foreign character."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where browsers find us.

    Parameters
    ----------
    origin
        Scheme, host and port, such as ``https://muster.bank.example``. Empty where nobody comes by a name, as in an
        application that listens nowhere: then any Host will do, and no page is ours.
    others
        Further origins that are ours, such as the other names of this machine.
    """

    origin: str = ""
    others: frozenset[str] = frozenset()

    @property
    def secure(self) -> bool:
        """Whether there is TLS: only then cookies are marked so, or no browser would send them."""
        return self.origin.startswith("https://")

    def ours(self, origin: str) -> bool:
        """Whether an origin is ours."""
        return (bool(origin) and origin == self.origin) or origin in self.others

    def host_known(self, host: str) -> bool:
        """Whether a request's Host is ours: a name that somebody else points at us is not (DNS rebinding)."""
        return not self.origin or any(urlsplit(origin).netloc == host.lower() for origin in (self.origin, *self.others))

    @property
    def session(self) -> str:
        """Name of the cookie that holds a session."""
        return f"{'__Host-' if self.secure else ''}muster-session"

    @property
    def visit(self) -> str:
        """Name of the cookie of a browser that has not signed in: its forms and journeys are bound to it."""
        return f"{'__Host-' if self.secure else ''}muster-visit"

    def cookie(self, name: str, value: str, seconds: int | None = None) -> str:
        """Return a Set-Cookie header; 0 seconds take the cookie away, none leaves it until the browser is closed."""
        age = "" if seconds is None else f"; Max-Age={seconds}"
        return f"{name}={value}; Path=/; HttpOnly; SameSite=Lax{age}{'; Secure' if self.secure else ''}"


def site_at(url: str, host: str = "", port: int = 0) -> Site:
    """Return the site at an address.

    Parameters
    ----------
    url
        What people type, if it is set; only its origin counts.
    host, port
        Where we listen, if ``url`` is empty or is on this machine: then every name of this machine will do.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.path.strip("/"):
        msg = f"public_url {url!r}: write the address that people type, such as https://muster.bank.example"
        raise ValueError(msg)
    origin = f"{parts.scheme}://{parts.netloc.lower()}"
    if host not in LOOPBACK:
        return Site(origin)
    names = ("127.0.0.1", "[::1]", "localhost")
    return Site(origin, frozenset(f"{parts.scheme}://{name}:{port}" for name in names))


def cookie_of(header: str, name: str) -> str:
    """Return the value of a cookie; empty where there is none, or where two of the same name were sent."""
    if len(re.findall(rf"(?:^|;)\s*{re.escape(name)}=", header)) != 1:
        return ""
    try:
        found = SimpleCookie(header).get(name)
    except CookieError:
        return ""
    return found.value if found is not None else ""


def form_token(value: str) -> str:
    """Return the token that forms of this cookie's bearer carry: nobody can make it who cannot read the cookie."""
    return hmac.new(value.encode(), b"muster form", hashlib.sha256).hexdigest()


def token_holds(value: str, token: str) -> bool:
    """Tell whether a form's token belongs to a cookie."""
    return bool(value) and secrets.compare_digest(form_token(value).encode(), token.encode())


def local_path(path: str, default: str = "/") -> str:
    """Return where to go next, if that is a path of ours; else the default: nobody is sent elsewhere from here."""
    return path if _LOCAL_PATH.fullmatch(path) and not urlsplit(path).netloc else default
