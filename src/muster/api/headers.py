"""Headers that every answer carries: what browsers must not do with it."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Send

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

ALWAYS = {
    "cache-control": "no-store",
    "content-security-policy": POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    # Not no-referrer: with that, browsers would not say where a form came from either.
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}

STRICT_TRANSPORT = "max-age=31536000"


def guarded(send: Send, *, secure: bool) -> Send:
    """Return a way to send that adds the headers which an answer does not set itself."""

    async def sending(message: Message) -> None:
        """Send a message, with the headers where it begins an answer."""
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in ALWAYS.items():
                headers.setdefault(name, value)
            if secure:
                headers.setdefault("strict-transport-security", STRICT_TRANSPORT)
        await send(message)

    return sending
