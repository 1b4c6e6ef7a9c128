"""Admission: who asks, by bearer token or by session cookie, and whether a browser was tricked into asking."""

from __future__ import annotations

import math
from dataclasses import dataclass
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import Receive, Scope

from muster.api.answers import failed, failure
from muster.api.entrance.door import Door
from muster.api.entrance.forms import peek
from muster.api.entrance.pages import problem_page
from muster.api.entrance.site import cookie_of, form_token, token_holds
from muster.lifecycle.desk.context import Identity
from muster.lifecycle.desk.people import identify
from muster.lifecycle.entrance.sessions import enter
from muster.ports.directory import Session
from muster.records.access.alert import Severity, Suspicious
from muster.wiring.remote.wire import refused, words_of

TERMINAL = "muster-session."
"""Begins the sessions of command lines, which are bearer tokens; those in cookies do not, so neither is the other."""

TOKEN_HEADER = "x-csrf-token"  # noqa: S105 - the name of a header

ACTIONS = "/api/"
"""Begins the paths of actions and views."""

FORGED = "request-forged"
"""The alert where somebody else's page asked in the name of a person who is signed in."""

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

CHALLENGE = {"www-authenticate": 'Bearer realm="muster"'}
INVALID = {"www-authenticate": 'Bearer realm="muster", error="invalid_token"'}


@dataclass(frozen=True, slots=True)
class Admitted:
    """Somebody known, and the request's body as the application shall receive it."""

    identity: Identity
    receive: Receive
    session: Session | None = None
    carried: str = ""
    """Value of their cookie."""

    def state(self) -> dict[str, object]:
        """Return what handlers find in ``request.state``."""
        return {
            "identity": self.identity,
            "session": self.session,
            "csrf": form_token(self.carried) if self.carried else "",
        }


async def admit(door: Door, scope: Scope, receive: Receive) -> Admitted | Response:
    """Return who asks, or the answer to whoever may not come in."""
    connection = HTTPConnection(scope)
    authorization = connection.headers.get("authorization", "")
    carried = cookie_of(connection.headers.get("cookie", ""), door.site.session)
    if authorization and carried:
        return failure(400, "both a bearer token and a session cookie: send one of them, so that it is clear who asks")
    try:
        if authorization:
            admitted = await _by_token(door, authorization, receive)
        elif carried:
            admitted = await _by_session(door, connection, carried, receive)
        else:
            return await _nobody(door, connection)
    except Exception as error:  # noqa: BLE001 - whatever happens here, nobody comes in
        return await _refused(door, connection, error, authorization)
    wait = door.attempts.request(admitted.identity.id)
    return too_often(wait, "the setting requests_per_minute allows no more") if wait else admitted


def forged(door: Door, connection: HTTPConnection) -> bool:
    """Tell whether a request that changes something was, or may have been, sent by a page that is not ours."""
    site = connection.headers.get("sec-fetch-site", "")
    origin = connection.headers.get("origin", "")
    if site and site != "same-origin":
        return True
    if origin:
        return not door.site.ours(origin)
    return not site


def too_often(wait: float, why: str, *, page: bool = False) -> Response:
    """Answer whoever asks too often, where a person reads it with a page."""
    seconds = max(1, math.ceil(wait))
    words, headers = f"too often: {why}; try again in {seconds} s", {"retry-after": str(seconds)}
    if page:
        return HTMLResponse(problem_page("Not so fast", words), 429, headers)
    return failure(429, words, headers)


def address_of(connection: HTTPConnection) -> str:
    """Return the address that a request came from."""
    return connection.client.host if connection.client else ""


def wants_page(connection: HTTPConnection) -> bool:
    """Tell whether a browser asks for a page."""
    return connection.scope.get("method") in SAFE and "text/html" in connection.headers.get("accept", "")


async def _by_token(door: Door, authorization: str, receive: Receive) -> Admitted:
    words = authorization.split()
    if len(words) != 2 or words[0].lower() != "bearer":
        msg = "no bearer token: send 'Authorization: Bearer TOKEN'"
        raise PermissionError(msg)
    if words[1].startswith(TERMINAL):
        identity, session = await run_in_threadpool(enter, door.house, door.ways, words[1])
        return Admitted(identity, receive, session)
    found = await run_in_threadpool(identify, door.house.ledger, words[1], door.house.clock())
    return Admitted(found, receive)


async def _by_session(door: Door, connection: HTTPConnection, carried: str, receive: Receive) -> Admitted:
    if carried.startswith(TERMINAL):
        msg = "the session of a command line is no cookie: sign in with the browser"
        raise PermissionError(msg)
    identity, session = await run_in_threadpool(enter, door.house, door.ways, carried)
    if connection.scope["method"] not in SAFE:
        token = connection.headers.get(TOKEN_HEADER, "")
        if not token:
            token, receive = await peek(connection.headers.get("content-type", ""), receive)
        if forged(door, connection) or not token_holds(carried, token):
            msg = (
                f"this request in the name of {identity.id} did not come from a page of ours, so nothing was done: "
                "open the page again and repeat what you did"
            )
            raise Suspicious(msg, FORGED, Severity.WARNING)
    return Admitted(identity, receive, session, carried)


async def _nobody(door: Door, connection: HTTPConnection) -> Response:
    if wants_page(connection):
        return to_sign_in(connection)
    error = PermissionError("no bearer token: send 'Authorization: Bearer TOKEN', or sign in at /sign-in")
    if connection.url.path.startswith(ACTIONS):  # what browsers ask for by themselves, such as icons, is no attempt
        await run_in_threadpool(door.refusals.note, error, address=address_of(connection))
    return failure(401, str(error), CHALLENGE)


async def _refused(door: Door, connection: HTTPConnection, error: Exception, authorization: str) -> Response:
    if not isinstance(error, PermissionError) or not refused(error):
        return failed(error)
    page = not authorization and wants_page(connection)
    if page and not isinstance(error, Suspicious):
        return to_sign_in(connection)
    await run_in_threadpool(door.refusals.note, error, address=address_of(connection))
    if wait := door.attempts.wait(address_of(connection)):
        return too_often(wait, "nobody came in from this address for some time", page=page)
    if page:
        return HTMLResponse(problem_page("You were not let in", words_of(error)), 403)
    if getattr(error, "what", "") == FORGED:
        return failure(403, words_of(error))
    return failure(401, words_of(error), INVALID if authorization else CHALLENGE)


def to_sign_in(connection: HTTPConnection) -> Response:
    """Send a browser to the sign-in page, and from there back to where it wanted to go."""
    path = connection.url.path + (f"?{connection.url.query}" if connection.url.query else "")
    where = "/sign-in" if path == "/" else f"/sign-in?next={quote(path, safe='/')}"
    return RedirectResponse(where, 303)
