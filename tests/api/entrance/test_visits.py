from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from starlette.requests import Request

from muster.api.entrance.site import Site, form_token
from muster.api.entrance.visits import come_in, go_out, require_visit, visit_of, with_visit
from muster.records.access.alert import Suspicious

if TYPE_CHECKING:
    from starlette.responses import Response
    from tests.entered import Entered


def request(**headers: str) -> Request:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "POST", "headers": raw})


def cookies(response: Response) -> list[str]:
    return response.headers.getlist("set-cookie")


def test_a_browser_gets_a_visit_once(entered: Entered) -> None:
    first = with_visit(entered.door, request(), str.encode)
    (cookie,) = cookies(first)
    value = cookie.partition("=")[2].partition(";")[0]
    again = request(cookie=f"muster-visit={value}")
    assert visit_of(entered.door, again) == value
    second = with_visit(entered.door, again, str.encode)
    assert cookies(second) == []
    assert first.body == second.body == form_token(value).encode()


def test_a_form_belongs_to_the_visit_and_to_our_pages(entered: Entered) -> None:
    ours = {"cookie": "muster-visit=v", "origin": "http://testserver"}
    require_visit(entered.door, request(**ours), {"csrf": form_token("v")})
    for headers, token in (
        (ours, form_token("w")),
        (ours, ""),
        ({**ours, "cookie": ""}, form_token("")),
        ({**ours, "origin": "https://evil.example"}, form_token("v")),
        ({"cookie": "muster-visit=v"}, form_token("v")),
    ):
        with pytest.raises(Suspicious, match="did not come from a page of ours"):
            require_visit(entered.door, request(**headers), {"csrf": token})


def test_who_comes_in_leaves_the_visit_and_who_goes_out_leaves_the_session(entered: Entered) -> None:
    entered.door.site = Site("https://muster.bank.example")
    session, visit = cookies(come_in(entered.door, "value", "/"))
    assert session == "__Host-muster-session=value; Path=/; HttpOnly; SameSite=Lax; Max-Age=43200; Secure"
    assert visit.startswith("__Host-muster-visit=; ")
    (gone,) = cookies(go_out(entered.door, "/sign-in"))
    assert gone.startswith("__Host-muster-session=; ")
    assert "Max-Age=0" in gone
