from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.entered import OURS, csrf

from muster.api.entrance.door import open_door
from muster.lifecycle.entrance.refusals import BURST, WRITTEN

if TYPE_CHECKING:
    from starlette.testclient import TestClient
    from tests.entered import Entered

JSON = {"accept": "application/json"}
NEW = {"id": "new", "roles": ["operator"]}


def act(browser: TestClient, **headers: str) -> int:
    return browser.post("/api/actor/add", json=NEW, headers=headers).status_code


def token_of(browser: TestClient) -> str:
    return csrf(browser.get("/").text)


def bare(entered: Entered, browser: TestClient) -> TestClient:
    """Return a client with the browser's cookies that says nothing about where it comes from."""
    client = entered.browser()
    client.cookies = browser.cookies
    for name in OURS:
        del client.headers[name]
    return client


def test_a_cookie_reads_without_more(entered: Entered) -> None:
    browser = entered.signed_in("admin")
    assert browser.get("/api/whoami", headers=JSON).json()["id"] == "admin"


def test_a_cookie_changes_something_only_with_the_token_of_its_session(entered: Entered) -> None:
    browser = entered.signed_in("admin")
    other = token_of(entered.signed_in("ana"))
    token = token_of(browser)
    assert act(browser) == 403
    assert act(browser, **{"x-csrf-token": "0" * 64}) == 403
    assert act(browser, **{"x-csrf-token": other}) == 403
    assert entered.entries("actor.added")[-1]["id"] != "new"
    assert act(browser, **{"x-csrf-token": token}) == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "http://testserver"}, 200),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://testserver.evil.example"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "none"}, 403),
        ({"origin": "https://evil.example", "sec-fetch-site": "same-origin"}, 403),
        ({"origin": "http://testserver", "sec-fetch-site": "cross-site"}, 403),
    ],
)
def test_a_request_of_another_page_is_refused_even_with_the_token(
    entered: Entered, headers: dict[str, str], status: int
) -> None:
    browser = entered.signed_in("admin")
    token = token_of(browser)
    assert act(bare(entered, browser), **{"x-csrf-token": token, **headers}) == status


def test_a_forged_request_is_written_down_and_raises_an_alert(entered: Entered) -> None:
    browser = entered.signed_in("admin")
    answer = browser.post("/api/actor/add", json=NEW)
    assert "did not come from a page of ours" in answer.json()["error"]
    assert "in the name of admin" in entered.entries("action.refused")[-1]["reason"]
    assert entered.alerts() == ["request-forged"]


def test_a_bearer_token_needs_no_form_token(entered: Entered) -> None:
    client = entered.browser()
    del client.headers["origin"]
    bearer = {"authorization": f"Bearer {entered.tokens['admin']}", "sec-fetch-site": "cross-site"}
    assert act(client, **bearer) == 200


def test_token_and_cookie_together_are_refused(entered: Entered) -> None:
    browser = entered.signed_in("admin")
    answer = browser.get("/api/whoami", headers={"authorization": f"Bearer {entered.tokens['ana']}"})
    assert answer.status_code == 400
    assert "send one of them" in answer.json()["error"]


def test_the_value_of_a_cookie_is_no_bearer_token_nor_the_other_way_round(entered: Entered) -> None:
    browser = entered.signed_in("admin")
    value = browser.cookies["muster-session"]
    stranger = entered.browser()
    assert stranger.get("/api/whoami", headers={"authorization": f"Bearer {value}"}).status_code == 401
    secret = entered.link("ana")
    del stranger.headers["origin"]
    token = stranger.post("/sign-in/token", json={"link": secret}).json()["token"]
    assert stranger.get("/api/whoami", headers={"authorization": f"Bearer {token}"}).json()["id"] == "ana"
    assert stranger.get("/api/whoami", headers={**JSON, "cookie": f"muster-session={token}"}).status_code == 401


def test_a_browser_is_sent_to_the_sign_in_page_and_back(entered: Entered) -> None:
    answer = entered.browser().get("/password?a=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/password%3Fa%3D1")
    assert entered.browser().get("/").headers["location"] == "/sign-in"


def test_nothing_else_is_sent_anywhere(entered: Entered) -> None:
    answer = entered.browser().get("/api/whoami", headers=JSON)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer realm="muster"'


def test_a_session_that_has_ended_asks_to_sign_in(entered: Entered) -> None:
    browser = entered.signed_in("ana")
    entered.do("admin", "session revoke", id=entered.do("ana", "session list")[0].id, reason="stolen")
    assert browser.get("/").headers["location"] == "/sign-in"
    assert browser.get("/api/whoami", headers=JSON).status_code == 401


def test_an_edited_session_is_refused_and_raises_an_alert(entered: Entered) -> None:
    from dataclasses import replace

    browser = entered.signed_in("max")
    (session,) = entered.house.directory.sessions("max")
    entered.house.directory.close_session(session.id)
    entered.house.directory.open_session(replace(session, actor="admin"))
    answer = browser.get("/")
    assert answer.status_code == 403
    assert "The directory was changed" in answer.text
    assert entered.alerts() == ["directory-changed"]


def test_refused_tokens_are_written_down_and_then_counted(entered: Entered) -> None:
    client = entered.browser()
    before = len(entered.entries("action.refused"))
    statuses = [
        client.get("/api/whoami", headers={"authorization": f"Bearer muster_{n}_guess"}).status_code for n in range(70)
    ]
    assert set(statuses) == {401, 429}
    assert len(entered.entries("action.refused")) == before + WRITTEN
    assert entered.alerts().count("sign-in-attempts") == 1
    assert BURST <= 70
    assert not any("guess" in entry["reason"] for entry in entered.entries("action.refused"))
    good = client.get("/api/whoami", headers={"authorization": f"Bearer {entered.tokens['ana']}"})
    assert good.status_code == 200, "whoever has a good token is not kept out by who guesses at the same address"


def test_one_identity_asks_no_more_often_than_the_setting_says(entered: Entered) -> None:
    entered.door = open_door(entered.house, entered.door.ways, requests_per_minute=60, clock=lambda: 0.0)
    client = entered.browser()
    bearer = {"authorization": f"Bearer {entered.tokens['ana']}"}
    answers = [client.get("/api/whoami", headers=bearer) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert answers[-1].headers["retry-after"] == "1"
    assert client.get("/api/whoami", headers={"authorization": f"Bearer {entered.tokens['max']}"}).status_code == 200
