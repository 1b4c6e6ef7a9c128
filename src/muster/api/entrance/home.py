"""Home: the first page of somebody who is in, and what they may do about their own access.

The portal will put its own first page at ``/``; what is here then moves to a page of its own.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from muster.api.answers import failure
from muster.api.entrance.admission import address_of, too_often
from muster.api.entrance.door import CODE_SECONDS, Busy, Door, Pass
from muster.api.entrance.forms import read_form
from muster.api.entrance.pages import code_page, home_page, password_page, problem_page
from muster.api.entrance.steps import TooOften, offered, password_shown
from muster.api.entrance.visits import go_out
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.perform import perform
from muster.lifecycle.entrance.by_password import set_password
from muster.lifecycle.entrance.sessions import close, end_others
from muster.ports.directory import Session
from muster.records.people import Role
from muster.wiring.remote.wire import words_of

Work = Callable[[Door, Request], Awaitable[Response]]

FAILURES: Mapping[type[Exception], tuple[str, int]] = {
    PermissionError: ("You may not do this", 403),
    LookupError: ("This is not here", 404),
    ValueError: ("This cannot be done", 422),
}
"""What a page is called that says what went wrong, and its status."""


def home_routes(door: Door) -> list[Route]:
    """Return the routes of somebody who has come in."""

    def page(path: str, work: Work, *methods: str) -> Route:
        async def endpoint(request: Request) -> Response:
            """Do it; whatever goes wrong becomes a page that says so."""
            return await _answered(door, request, work)

        return Route(path, endpoint, methods=list(methods))

    return [
        page("/", _home, "GET"),
        page("/password", _password, "GET", "POST"),
        page("/command-line", _command_line, "POST"),
        page("/sessions/end", _end, "POST"),
        page("/sign-out", _sign_out, "POST"),
    ]


async def _answered(door: Door, request: Request, work: Work) -> Response:
    try:
        return await work(door, request)
    except TooOften as error:
        return too_often(error.wait, "the present password was wrong several times", page=True)
    except Busy as error:
        return too_often(3, str(error), page=True)
    except tuple(FAILURES) as error:
        title, status = next(said for kind, said in FAILURES.items() if isinstance(error, kind))
        return HTMLResponse(problem_page(title, words_of(error), href="/", link="Back"), status)


async def _home(door: Door, request: Request) -> Response:
    me = await _perform(door, request, "whoami")
    if request.state.session is None:
        return JSONResponse({"actor": me.id, "see": "/openapi.json"})
    sessions = await _perform(door, request, "session list")
    passwords = door.ways.passwords is not None
    return HTMLResponse(home_page(request.state.csrf, me, sessions, passwords=passwords))


async def _password(door: Door, request: Request) -> Response:
    session, passwords = _signed_in(request), offered(door)
    if request.method != "POST":
        return HTMLResponse(password_page(request.state.csrf))
    form = await read_form(request)
    if form.get("password") != form.get("again"):
        return _again(request, "the two passwords are not the same: type them again", 422)
    try:
        await password_shown(door, address_of(request), session.actor, form.get("present", ""))
    except PermissionError:
        return _again(request, "the present password is wrong, or you have none: an admin makes a one-time link", 403)
    try:
        new = form.get("password", "")
        await door.slowly(lambda: set_password(door.house, passwords, session.actor, new))
    except ValueError as error:
        return _again(request, words_of(error), 422)
    await run_in_threadpool(end_others, door.house, session, "a new password was set")
    return HTMLResponse(
        password_page(request.state.csrf, done="The new password is set; your other sessions have ended.")
    )


async def _command_line(door: Door, request: Request) -> Response:
    session = _signed_in(request)
    roles = tuple(Role(role) for role in session.roles)
    code = door.codes.leave(Pass(session.actor, session.by, roles, session.id, session.expires_at))
    return HTMLResponse(code_page(door.site.origin, code, CODE_SECONDS // 60))


async def _end(door: Door, request: Request) -> Response:
    form = await read_form(request)
    await _perform(door, request, "session revoke", id=form.get("id", ""), reason="ended on the page of sessions")
    return RedirectResponse("/", 303)


async def _sign_out(door: Door, request: Request) -> Response:
    session = request.state.session
    if session is None:
        words = "a token is no session: revoke it (muster token revoke), and nobody comes in by it any more"
        return failure(422, words)
    await run_in_threadpool(close, door.house, session, "signed out")
    if not request.state.csrf:  # a command line
        return JSONResponse({"actor": session.actor})
    return go_out(door, "/sign-in")


async def _perform(door: Door, request: Request, name: str, **arguments: Any) -> Any:
    context = Context(door.house, request.state.identity, lambda _: None)
    return await run_in_threadpool(perform, name, context, arguments)


def _signed_in(request: Request) -> Session:
    session = request.state.session
    if not isinstance(session, Session):
        msg = "this page is for people who have signed in with a browser, not for tokens"
        raise PermissionError(msg)
    return session


def _again(request: Request, wrong: str, status: int) -> Response:
    return HTMLResponse(password_page(request.state.csrf, wrong), status)
