"""Webhooks: CloudEvents 1.0 as JSON, signed with HMAC-SHA256 over id, time and body as Standard Webhooks asks.

Sources: CloudEvents 1.0, JSON event format, structured mode (cloudevents.io); Standard Webhooks
(standardwebhooks.com): headers ``webhook-id``, ``webhook-timestamp`` and ``webhook-signature``.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from muster.records.canonical import canonical
from muster.records.codec import stamp
from muster.rules.address import loopback

SECONDS = 10.0
"""How long the other side may take."""

_SHORTEST = 16


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, to be told elsewhere."""

    kind: str
    """CloudEvents type, such as ``muster.alert.raised``."""
    subject: str
    at: datetime
    data: Mapping[str, Any]

    @property
    def id(self) -> str:
        """The same for the same event, so that whoever is told twice knows."""
        return hashlib.sha256(canonical([self.kind, self.subject, stamp(self.at), self.data])).hexdigest()[:32]

    def body(self, source: str) -> bytes:
        """Write it as a structured CloudEvent from ``source``."""
        return canonical(
            {
                "specversion": "1.0",
                "id": self.id,
                "source": source,
                "type": self.kind,
                "subject": self.subject,
                "time": stamp(self.at),
                "datacontenttype": "application/json",
                "data": self.data,
            }
        )


class Webhook:
    """One address that is told of events.

    Parameters
    ----------
    url
        https, or plain http to this machine.
    secret
        Shared with whoever answers there.
    source
        Who tells, as a URI reference, such as ``/muster/gateway/default/g1``.
    transport
        How requests travel, if not over sockets.
    """

    def __init__(self, url: str, secret: bytes, source: str, transport: Any = None) -> None:
        require_address(url)
        self._url = url
        self._secret = secret
        self._source = source
        self._transport = transport

    def send(self, event: Event) -> None:
        """Tell of one event; raise OSError if it was not taken."""
        body = event.body(self._source)
        seconds = str(int(time.time()))
        headers = {
            "content-type": "application/cloudevents+json",
            "webhook-id": event.id,
            "webhook-timestamp": seconds,
            "webhook-signature": signature(self._secret, event.id, seconds, body),
        }
        post(self._url, body, headers, transport=self._transport)


def signature(secret: bytes, event_id: str, seconds: str, body: bytes) -> str:
    """Return the header by which the other side knows who tells, and that it was not said long ago."""
    made = hmac.new(secret, b"%s.%s.%s" % (event_id.encode(), seconds.encode(), body), hashlib.sha256)
    return f"v1,{base64.b64encode(made.digest()).decode()}"


def post(
    url: str, body: bytes, headers: Mapping[str, str], *, taken: tuple[int, ...] = (), transport: Any = None
) -> tuple[int, bytes]:
    """Post a body; return status and answer if the status is 2xx or one of ``taken``, else raise OSError."""
    import httpx2

    local = loopback(urlsplit(url).hostname or "")
    try:
        with httpx2.Client(timeout=SECONDS, trust_env=not local, transport=transport) as client:
            response = client.post(url, content=body, headers=dict(headers))
    except httpx2.HTTPError as error:
        msg = f"{url} cannot be told ({error!r})"
        raise OSError(msg) from None
    if response.status_code // 100 != 2 and response.status_code not in taken:
        msg = f"{url} answered {response.status_code}: it did not take what it was told"
        raise OSError(msg)
    return response.status_code, response.content


def require_address(url: str) -> None:
    """Raise ValueError for an address to which nothing may be sent: not http(s), or plain http beyond this machine."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        msg = f"{url!r} is no address to tell: write it as https://HOST/PATH"
        raise ValueError(msg)
    if parts.scheme == "http" and not loopback(parts.hostname):
        msg = f"{url}: plain http goes no further than this machine: use https"
        raise ValueError(msg)


def secret_of(path: Path | None) -> bytes:
    """Read the secret of webhooks; raise ValueError where it is missing or too short, PermissionError if others may."""
    if path is None:
        msg = "a webhook needs a secret: put one into a file that only you may read, and name it with webhook_secret"
        raise ValueError(msg)
    if path.stat().st_mode & 0o077:
        msg = f"{path}: others than the owner may read this secret; run chmod 600 on it, or make a new one"
        raise PermissionError(msg)
    secret = path.read_bytes().strip()
    if len(secret) < _SHORTEST:
        msg = f"{path}: a webhook's secret has at least {_SHORTEST} characters"
        raise ValueError(msg)
    return secret
