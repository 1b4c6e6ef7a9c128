"""Keys: who asks, by the key that a request carries."""

from __future__ import annotations

from collections.abc import Callable

from muster.gateway.http.asgi import Failed, Headers
from muster.rules.language.clients import Client, Clients, client_of

CHALLENGE = [(b"www-authenticate", b"Bearer")]


def client_asking(clients: Clients | None, headers: Headers, tell: Callable[[str], None]) -> Client | None:
    """Return who asks; None where anybody may.

    Raises
    ------
    Failed
        401 where it is nobody who may, 503 where that cannot be told: the reason is the operator's.
    """
    if clients is None:
        return None
    try:
        known = clients()
    except (OSError, ValueError) as error:
        tell(f"nobody may ask here: {error}")
        raise Failed(503, "not available") from None
    sent = [value for name, value in headers if name == b"authorization"]
    client = client_of(known, sent[0]) if len(sent) == 1 else None
    if client is None:
        raise Failed(401, "send the key that you were given, as Authorization: Bearer KEY", CHALLENGE)
    return client
