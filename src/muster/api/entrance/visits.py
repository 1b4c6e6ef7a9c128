"""Visits: a browser that has not signed in carries a random cookie, to which its forms and journeys are bound."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from muster.api.entrance.admission import FORGED, forged
from muster.api.entrance.door import Door
from muster.api.entrance.forms import FIELD
from muster.api.entrance.site import cookie_of, form_token, token_holds
from muster.records.access.alert import Severity, Suspicious


def visit_of(door: Door, request: Request) -> str:
    """Return the value of the visit cookie; empty where there is none."""
    return cookie_of(request.headers.get("cookie", ""), door.site.visit)


def with_visit(door: Door, request: Request, content: Callable[[str], bytes], status: int = 200) -> Response:
    """Answer with a page that has a form, and give the browser a visit cookie if it has none."""
    visit = visit_of(door, request)
    value = visit or secrets.token_urlsafe(32)
    answer = HTMLResponse(content(form_token(value)), status)
    if not visit:
        answer.headers.append("set-cookie", door.site.cookie(door.site.visit, value))
    return answer


def require_visit(door: Door, request: Request, form: Mapping[str, str]) -> None:
    """Refuse a form that was not posted by a page of ours in the same browser."""
    if forged(door, request) or not token_holds(visit_of(door, request), form.get(FIELD, "")):
        msg = "this form did not come from a page of ours, or cookies are blocked: open the page again and repeat"
        raise Suspicious(msg, FORGED, Severity.WARNING)


def come_in(door: Door, value: str, then: str) -> Response:
    """Send somebody on who has signed in: with a session of their own, and without the visit."""
    answer = RedirectResponse(then, 303)
    site = door.site
    answer.headers.append("set-cookie", site.cookie(site.session, value, int(door.ways.life.total_seconds())))
    answer.headers.append("set-cookie", site.cookie(site.visit, "", 0))
    return answer


def go_out(door: Door, then: str) -> Response:
    """Send somebody on who has signed out: without a session."""
    answer = RedirectResponse(then, 303)
    answer.headers.append("set-cookie", door.site.cookie(door.site.session, "", 0))
    return answer
