"""Provider: sending somebody to the identity provider, and taking what comes back."""

from __future__ import annotations

import secrets

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from muster.api.entrance.admission import address_of, too_often
from muster.api.entrance.door import Door, Pass, Underway
from muster.api.entrance.pages import problem_page
from muster.api.entrance.site import local_path
from muster.api.entrance.steps import TooOften, refused, session_for, throttled
from muster.api.entrance.visits import come_in, visit_of
from muster.lifecycle.entrance.by_provider import brought, by_provider, tie_by_link
from muster.lifecycle.entrance.links import require_link
from muster.lifecycle.entrance.seals import secret_digest
from muster.lifecycle.entrance.sessions import end_all
from muster.ports.directory import Claims, Provider
from muster.records.access.credentials import SignInBy
from muster.wiring.remote.wire import words_of

DEPART = "/sign-in/provider"
RETURN = "/sign-in/return"

LOST = (
    "this sign-in was not begun in this browser, was ended already, or took too long: begin again at the sign-in page"
)


def provider_routes(door: Door) -> list[Route]:
    """Return the two routes of the identity provider; none where the house has none."""
    provider = door.ways.provider
    if provider is None:
        return []

    async def depart(request: Request) -> Response:
        """Send a browser to the provider."""
        try:
            return await _depart(door, provider, request)
        except TooOften as error:
            return too_often(error.wait, "too many sign-ins were begun from this address", page=True)
        except (PermissionError, OSError) as error:
            return _problem(error)

    async def arrive(request: Request) -> Response:
        """Take a browser back from the provider."""
        try:
            return await _arrive(door, provider, request)
        except TooOften as error:
            return too_often(error.wait, "nobody came in from this address for some time", page=True)
        except (PermissionError, OSError) as error:
            return _problem(error)

    return [Route(DEPART, depart), Route(RETURN, arrive)]


async def _depart(door: Door, provider: Provider, request: Request) -> Response:
    if request.headers.get("host", "") not in door.site.origin:  # the cookie must be there when they come back
        return RedirectResponse(f"{door.site.origin}{DEPART}?{request.url.query}", 303)
    await throttled(door, address_of(request))  # each departure is kept in mind, and too many would push others out
    link = request.query_params.get("link", "")
    if link:
        _require_own_step(request)
        await run_in_threadpool(require_link, door.house, link)
    journey = await run_in_threadpool(provider.depart, f"{door.site.origin}{RETURN}")
    visit = visit_of(door, request) or secrets.token_urlsafe(32)
    then = local_path(request.query_params.get("next", "/"))
    door.journeys.leave(Underway(journey, secret_digest(visit), then, link), journey.state)
    answer = RedirectResponse(journey.url, 303)
    answer.headers.append("set-cookie", door.site.cookie(door.site.visit, visit))
    return answer


def _require_own_step(request: Request) -> None:
    """Refuse to tie a name at the provider where somebody else's page sent the browser: to their actor, perhaps."""
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        msg = "another page sent you here: open the one-time link that you were given, and go on from there"
        raise PermissionError(msg)


async def _arrive(door: Door, provider: Provider, request: Request) -> Response:
    await throttled(door, address_of(request))
    try:
        underway = _underway(door, request)
        back = f"{door.site.origin}{RETURN}"
        claims = await run_in_threadpool(provider.arrive, underway.journey, back, request.url.query)
        who = await run_in_threadpool(_recognised, door, underway, claims)
    except PermissionError as error:
        await refused(door, error, address=address_of(request))
        raise
    return come_in(door, await session_for(door, who), underway.then)


def _underway(door: Door, request: Request) -> Underway:
    # Taken whatever follows: what came back once, comes back never again.
    underway = door.journeys.take(request.query_params.get("state", ""))
    if underway is None or underway.visit != secret_digest(visit_of(door, request)):
        raise PermissionError(LOST)
    return underway


def _recognised(door: Door, underway: Underway, claims: Claims) -> Pass:
    if not underway.link:
        actor, roles = by_provider(door.house, door.ways, claims)
        return Pass(actor, SignInBy.OIDC, roles)
    actor = tie_by_link(door.house, underway.link, claims)
    end_all(door.house, actor, "tied to a name at the identity provider")
    return Pass(actor, SignInBy.OIDC, brought(door.house, door.ways, actor, claims.groups))


def _problem(error: Exception) -> Response:
    status = 403 if isinstance(error, PermissionError) else 503
    return HTMLResponse(problem_page("Nobody was signed in", words_of(error)), status)
