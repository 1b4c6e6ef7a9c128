"""Terminal: a command line that signs in at a control plane, and out again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from muster.settings import Settings
from muster.wiring.carried.tokens import keep_token, kept_token
from muster.wiring.remote.client import http_client
from muster.wiring.remote.wire import error_of


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody signed in with this command line."""

    url: str
    actor: str
    hours: float
    """For how long at most."""
    file: str
    """Where the token is kept; only you can read it."""


def sign_in(settings: Settings, *, actor: str = "", password: str = "", link: str = "") -> SignedIn:
    """Sign in by name and password, or by a link or code that is good once; keep the token.

    Raises
    ------
    PermissionError
        If the control plane refuses.
    ConnectionError
        If it cannot be reached.
    """
    given = {"link": link} if link else {"actor": actor, "password": password}
    answer = _post(settings, "/sign-in/token", given)
    file = keep_token(settings.url, str(answer["token"]))
    return SignedIn(settings.url, str(answer["actor"]), float(answer["hours"]), str(file))


def sign_out(settings: Settings) -> bool:
    """End the session of this command line and forget its token; return whether there was one.

    The token is forgotten in any case; raises what :func:`sign_in` raises where the session could not be ended.
    """
    token = kept_token(settings.url)
    if not token:
        return False
    keep_token(settings.url, "")
    try:
        _post(settings, "/sign-out", {}, token)
    except PermissionError:  # it had ended already
        return False
    return True


def _post(settings: Settings, path: str, values: dict[str, str], token: str = "") -> dict[str, Any]:
    import httpx2

    try:
        with http_client(settings.url, settings.tls_authority) as client:
            headers = {"authorization": f"Bearer {token}"} if token else {}
            answer = client.post(path, json=values, headers=headers, timeout=60)
    except httpx2.TransportError as error:
        msg = f"nobody answers at {settings.url} ({error}): is the control plane running? `muster up` starts one"
        raise ConnectionError(msg) from None
    try:
        said = json.loads(answer.content)
    except ValueError:
        said = {}
    if answer.status_code != 200 or not isinstance(said, dict):
        words = said.get("error") if isinstance(said, dict) else None
        msg = words or f"{settings.url} answered {answer.status_code}: is it a control plane?"
        if answer.status_code == 429:
            raise PermissionError(msg)
        raise error_of(answer.status_code, msg)
    return said
