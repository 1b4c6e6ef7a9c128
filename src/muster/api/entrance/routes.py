"""Routes by which strangers come in: the sign-in page, the page behind a one-time link, and the command line's door."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from muster.api.answers import failed, failure
from muster.api.entrance.admission import address_of, too_often
from muster.api.entrance.door import Busy, Door
from muster.api.entrance.forms import LARGEST, read_form
from muster.api.entrance.pages import enter_page, problem_page, sign_in_page, stylesheet
from muster.api.entrance.site import local_path
from muster.api.entrance.steps import TooOften, code_shown, link_shown, password_shown, refused, session_for
from muster.api.entrance.visits import come_in, require_visit, with_visit
from muster.lifecycle.entrance.links import require_link
from muster.records.canonical import parse
from muster.wiring.remote.wire import words_of

SIGN_IN = "/sign-in"
ENTER = "/enter"
TERMINALS = "/sign-in/token"
STYLES = "/style.css"

OPEN = frozenset({SIGN_IN, ENTER, TERMINALS, STYLES, "/sign-in/provider", "/sign-in/return"})
"""Paths that answer somebody who has not come in yet."""

TOO_OFTEN = "nobody came in with this name from here for some time"


def routes(door: Door) -> list[Route]:
    """Return the routes that answer strangers, but for those of the identity provider."""

    async def styles(_: Request) -> Response:
        """Answer with the styles of all pages."""
        return Response(stylesheet(), media_type="text/css", headers={"cache-control": "max-age=3600"})

    async def sign_in(request: Request) -> Response:
        """Show the sign-in page, or take what it sends."""
        if request.method != "POST":
            return _sign_in_page(door, request, local_path(request.query_params.get("next", "/")))
        return await _told(door, request, _password_posted)

    async def enter(request: Request) -> Response:
        """Show the page behind a one-time link, or take what it sends."""
        if request.method != "POST":
            return await _told(door, request, _link_opened)
        return await _told(door, request, _link_posted)

    async def terminal(request: Request) -> Response:
        """Let a command line in."""
        return await _terminal(door, request)

    return [
        Route(STYLES, styles),
        Route(SIGN_IN, sign_in, methods=["GET", "POST"]),
        Route(ENTER, enter, methods=["GET", "POST"]),
        Route(TERMINALS, terminal, methods=["POST"]),
    ]


Posted = Callable[[Door, Request], Awaitable[Response]]


async def _told(door: Door, request: Request, work: Posted) -> Response:
    """Do it; whatever goes wrong becomes a page that says so."""
    try:
        return await work(door, request)
    except TooOften as error:
        return too_often(error.wait, TOO_OFTEN, page=True)
    except Busy as error:
        return too_often(3, str(error), page=True)
    except PermissionError as error:
        return HTMLResponse(problem_page("This cannot be used", words_of(error)), 403)
    except ValueError as error:
        return HTMLResponse(problem_page("This cannot be read", words_of(error)), 422)


async def _password_posted(door: Door, request: Request) -> Response:
    form = await read_form(request)
    await _require_ours(door, request, form)
    then, actor = local_path(form.get("next", "/")), form.get("actor", "").strip()
    try:
        who = await password_shown(door, address_of(request), actor, form.get("password", ""))
    except PermissionError as error:
        return _sign_in_page(door, request, then, words_of(error), actor)
    return come_in(door, await session_for(door, who), then)


async def _link_opened(door: Door, request: Request) -> Response:
    link = request.query_params.get("link", "")
    try:
        actor = await run_in_threadpool(require_link, door.house, link)
    except PermissionError as error:
        await refused(door, error, address=address_of(request))
        raise
    return _enter_page(door, request, link, actor)


async def _link_posted(door: Door, request: Request) -> Response:
    form = await read_form(request)
    await _require_ours(door, request, form)
    link, password = form.get("link", ""), form.get("password", "")
    actor = await run_in_threadpool(require_link, door.house, link)
    if password != form.get("again", ""):
        return _enter_page(door, request, link, actor, "the two passwords are not the same: type them again")
    try:
        who = await link_shown(door, address_of(request), link, password)
    except ValueError as error:
        return _enter_page(door, request, link, actor, words_of(error))
    return come_in(door, await session_for(door, who), "/")


async def _terminal(door: Door, request: Request) -> Response:
    """Let a command line in: JSON in, a token out; what browsers send on behalf of other pages is not taken."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" or "origin" in request.headers or "cookie" in request.headers:
        return failure(415, "this door is for the command line: `muster sign-in` sends JSON; browsers go to /sign-in")
    try:
        given = await _object(request)
        address = address_of(request)
        if "link" in given:
            who = await code_shown(door, address, given["link"])
        else:
            who = await password_shown(door, address, given.get("actor", ""), given.get("password", ""))
        token = await session_for(door, who, terminal=True)
    except TooOften as error:
        return too_often(error.wait, TOO_OFTEN)
    except Busy as error:
        return too_often(3, str(error))
    except PermissionError as error:
        return failure(403, words_of(error))
    except Exception as error:  # noqa: BLE001 - every error has an answer
        return failed(error)
    return JSONResponse({"actor": who.actor, "token": token, "hours": door.ways.life.total_seconds() / 3600})


async def _object(request: Request) -> Mapping[str, str]:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            break
    values = parse(body) if len(body) <= LARGEST else None
    if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
        msg = "send a JSON object with actor and password, or with link"
        raise ValueError(msg)
    return values


async def _require_ours(door: Door, request: Request, form: Mapping[str, str]) -> None:
    try:
        require_visit(door, request, form)
    except PermissionError as error:
        await refused(door, error, address=address_of(request))
        raise


def _sign_in_page(door: Door, request: Request, then: str, wrong: str = "", actor: str = "") -> Response:
    ways = door.ways
    return with_visit(
        door,
        request,
        lambda token: sign_in_page(
            token,
            then,
            passwords=ways.passwords is not None,
            provider=ways.provider is not None,
            wrong=wrong,
            actor=actor,
        ),
        403 if wrong else 200,
    )


def _enter_page(door: Door, request: Request, link: str, actor: str, wrong: str = "") -> Response:
    ways = door.ways
    return with_visit(
        door,
        request,
        lambda token: enter_page(
            token, link, actor, passwords=ways.passwords is not None, provider=ways.provider is not None, wrong=wrong
        ),
        422 if wrong else 200,
    )
