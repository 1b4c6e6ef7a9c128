from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from tests.entered import PASSWORD, csrf

if TYPE_CHECKING:
    from tests.entered import Entered


def test_the_first_page_says_who_one_is(entered: Entered) -> None:
    page = entered.signed_in("ana").get("/").text
    assert "<b>ana</b>" in page
    assert "risk-analyst" in page
    assert "this one" in page


def test_with_a_token_it_says_so_in_json(entered: Entered) -> None:
    bearer = {"authorization": f"Bearer {entered.tokens['ana']}"}
    assert entered.browser().get("/", headers=bearer).json() == {"actor": "ana", "see": "/openapi.json"}


def test_signing_out_ends_the_session_for_whoever_has_the_cookie(entered: Entered) -> None:
    browser = entered.signed_in("ana")
    value = browser.cookies["muster-session"]
    answer = browser.post("/sign-out", data={"csrf": csrf(browser.get("/").text)})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert "Max-Age=0" in answer.headers["set-cookie"]
    thief = entered.browser()
    thief.cookies.set("muster-session", value)
    assert thief.get("/").headers["location"] == "/sign-in"
    assert entered.entries("session.closed")[-1]["reason"] == "signed out"


def test_signing_out_takes_a_form_of_ours(entered: Entered) -> None:
    browser = entered.signed_in("ana")
    assert browser.post("/sign-out").status_code == 403
    assert browser.get("/sign-out").status_code == 405
    assert browser.get("/").status_code == 200


def test_a_session_is_ended_on_the_page_of_sessions(entered: Entered) -> None:
    first, second = entered.signed_in("ana"), entered.signed_in("ana")
    page = second.get("/").text
    other = re.findall(r'name="id" value="([^"]*)"', page)
    assert len(other) == 1
    assert second.post("/sessions/end", data={"csrf": csrf(page), "id": other[0]}).status_code == 303
    assert first.get("/").headers["location"] == "/sign-in"
    assert second.get("/").status_code == 200
    assert second.post("/sessions/end", data={"csrf": csrf(page), "id": "s0"}).status_code == 404


def test_another_password_takes_the_present_one_and_ends_other_sessions(entered: Entered) -> None:
    thief, browser = entered.signed_in("ana"), entered.signed_in("ana")
    token = csrf(browser.get("/password").text)
    new = {"csrf": token, "present": PASSWORD, "password": "another green heron", "again": "another green heron"}
    assert browser.post("/password", data={**new, "present": "guessed"}).status_code == 403
    assert browser.post("/password", data={**new, "again": "x"}).status_code == 422
    assert browser.post("/password", data={**new, "password": "short", "again": "short"}).status_code == 422
    assert thief.get("/").status_code == 200
    assert "is set" in browser.post("/password", data=new).text
    assert thief.get("/").headers["location"] == "/sign-in"
    assert browser.get("/").status_code == 200


def test_a_token_changes_no_password(entered: Entered) -> None:
    answer = entered.browser().get("/password", headers={"authorization": f"Bearer {entered.tokens['ana']}"})
    assert answer.status_code == 403
    assert "not for tokens" in answer.text


def test_a_code_brings_the_command_line_in_once_with_the_same_roles(entered: Entered) -> None:
    browser = entered.signed_in("ana")
    page = browser.post("/command-line", data={"csrf": csrf(browser.get("/").text)}).text
    command = html.unescape(re.findall(r"<pre>(.*?)</pre>", page)[0])
    assert command.startswith("muster sign-in --url http://testserver --link ")
    terminal = entered.browser()
    del terminal.headers["origin"]
    body = {"link": command.rpartition(" ")[2]}
    token = terminal.post("/sign-in/token", json=body).json()["token"]
    assert terminal.get("/api/whoami", headers={"authorization": f"Bearer {token}"}).json()["id"] == "ana"
    assert terminal.post("/sign-in/token", json=body).status_code == 403


def test_a_token_that_was_issued_is_revoked_not_signed_out(entered: Entered) -> None:
    bearer = {"authorization": f"Bearer {entered.tokens['ana']}"}
    answer = entered.browser().post("/sign-out", headers=bearer)
    assert answer.status_code == 422
    assert "muster token revoke" in answer.json()["error"]
