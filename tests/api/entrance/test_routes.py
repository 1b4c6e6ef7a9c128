from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from tests.entered import PASSWORD, csrf

if TYPE_CHECKING:
    from starlette.testclient import TestClient
    from tests.entered import Entered


def post(browser: TestClient, actor: str, password: str, then: str = "/") -> tuple[int, str]:
    token = csrf(browser.get("/sign-in").text)
    form = {"csrf": token, "actor": actor, "password": password, "next": then}
    answer = browser.post("/sign-in", data=form)
    return answer.status_code, answer.headers.get("location", "")


def open_link(browser: TestClient, secret: str) -> dict[str, str]:
    page = browser.get(f"/enter?link={secret}").text
    return {"csrf": csrf(page), "link": re.findall(r'name="link" value="([^"]*)"', page)[0]}


def test_a_person_signs_in_with_a_password(entered: Entered) -> None:
    entered.give_password("ana")
    browser = entered.browser()
    assert post(browser, "ana", PASSWORD) == (303, "/")
    assert "Who you are here" in browser.get("/").text
    assert entered.entries("session.opened")[-1]["by"] == "password"


def test_a_wrong_password_is_said_in_words_that_tell_nothing(entered: Entered) -> None:
    entered.give_password("ana")
    browser = entered.browser()
    said = []
    for actor in ("ana", "max", "nobody", "<script>"):
        token = csrf(browser.get("/sign-in").text)
        answer = browser.post("/sign-in", data={"csrf": token, "actor": actor, "password": "wrong"})
        assert answer.status_code == 403
        said.append(re.findall(r'role="alert">([^<]*)<', answer.text))
        assert "<script>" not in answer.text
    assert len({str(words) for words in said}) == 1


def test_refused_sign_ins_name_only_actors_who_exist(entered: Entered) -> None:
    entered.give_password("ana")
    post(entered.browser(), "ana", "wrong")
    post(entered.browser(), "my secret typed into the wrong field", "wrong")
    entered.house.ledger.refresh()
    found = [recorded.entry for recorded in entered.house.ledger.read(kind="action.refused")]
    assert [(entry.subject, entry.body["action"]) for entry in found] == [
        ("actor:ana", "sign-in"),
        ("entrance", "sign-in"),
    ]
    assert b"secret typed" not in b"".join(recorded.raw for recorded in entered.house.ledger.read())


@pytest.mark.parametrize(
    ("then", "where"),
    [
        ("/password", "/password"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/x\r\nset-cookie: a=b", "/"),
    ],
)
def test_after_signing_in_nobody_is_sent_elsewhere(entered: Entered, then: str, where: str) -> None:
    entered.give_password("ana")
    browser = entered.browser()
    assert post(browser, "ana", PASSWORD, then) == (303, where)
    assert browser.get("/sign-in", params={"next": then}).text.count("evil.example") == 0
    assert "a" not in browser.cookies


def test_the_session_is_new_whatever_the_browser_brought(entered: Entered) -> None:
    entered.give_password("ana")
    browser = entered.browser()
    browser.cookies.set("muster-session", "fixed-by-somebody-else", domain="testserver.local", path="/")
    assert post(browser, "ana", PASSWORD)[0] == 303
    values = {cookie.value for cookie in browser.cookies.jar if cookie.name == "muster-session"}
    assert all(len(value or "") == 43 for value in values - {"fixed-by-somebody-else"})
    stranger = entered.browser()
    stranger.cookies.set("muster-session", "fixed-by-somebody-else")
    assert stranger.get("/").headers["location"] == "/sign-in"


def test_a_form_of_another_browser_or_page_is_not_taken(entered: Entered) -> None:
    entered.give_password("ana")
    theirs = csrf(entered.browser().get("/sign-in").text)
    browser = entered.browser()
    browser.get("/sign-in")
    form = {"csrf": theirs, "actor": "ana", "password": PASSWORD}
    assert browser.post("/sign-in", data=form).status_code == 403
    form["csrf"] = csrf(browser.get("/sign-in").text)
    assert browser.post("/sign-in", data=form, headers={"origin": "https://evil.example"}).status_code == 403
    assert entered.alerts() == ["request-forged", "request-forged"]
    assert browser.post("/sign-in", data=form).status_code == 303


def test_brute_force_waits_longer_and_longer_and_is_told_how_long(entered: Entered) -> None:
    entered.give_password("ana")
    browser = entered.browser()
    token = csrf(browser.get("/sign-in").text)
    form = {"csrf": token, "actor": "ana", "password": "guess"}
    answers = [browser.post("/sign-in", data=form) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [403, 403, 403, 429, 429, 429]
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert "try again in" in answers[-1].text
    assert "<h1>Not so fast</h1>" in answers[-1].text
    assert browser.post("/sign-in", data={**form, "password": PASSWORD}).status_code == 429, "not even looked at"
    entered.hands.passed = timedelta(minutes=16)
    assert browser.post("/sign-in", data={**form, "password": PASSWORD}).status_code == 303


def test_a_link_lets_its_holder_set_a_password_and_in(entered: Entered) -> None:
    browser = entered.browser()
    form = open_link(browser, entered.link("ana"))
    assert browser.post("/enter", data={**form, "password": "short", "again": "short"}).status_code == 422
    assert browser.post("/enter", data={**form, "password": PASSWORD, "again": "other"}).status_code == 422
    answer = browser.post("/enter", data={**form, "password": PASSWORD, "again": PASSWORD})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert browser.get("/").status_code == 200
    assert post(entered.browser(), "ana", PASSWORD) == (303, "/")


def test_a_link_that_was_used_or_is_too_old_opens_nothing(entered: Entered) -> None:
    browser, secret = entered.browser(), entered.link("ana")
    form = open_link(browser, secret)
    browser.post("/enter", data={**form, "password": PASSWORD, "again": PASSWORD})
    other = entered.browser()
    assert other.get(f"/enter?link={secret}").status_code == 403
    fresh = entered.link("max")
    form = open_link(other, fresh)
    entered.hands.passed = timedelta(minutes=61)
    answer = other.post("/enter", data={**form, "password": PASSWORD, "again": PASSWORD})
    assert answer.status_code == 403
    assert "its time is over" in answer.text
    assert "not good any more" in entered.entries("action.refused")[-1]["reason"]


def test_looking_at_a_link_does_not_use_it(entered: Entered) -> None:
    secret = entered.link("ana")
    for _ in range(3):  # as programs do that look into mail
        assert entered.browser().get(f"/enter?link={secret}").status_code == 200
    assert open_link(entered.browser(), secret)["link"] == secret


def test_a_new_password_ends_the_sessions_before_it(entered: Entered) -> None:
    thief = entered.signed_in("ana")
    browser = entered.browser()
    form = open_link(browser, entered.link("ana"))
    browser.post("/enter", data={**form, "password": "another green heron", "again": "another green heron"})
    assert thief.get("/").headers["location"] == "/sign-in"


def test_the_command_line_gets_a_token(entered: Entered) -> None:
    entered.give_password("ana")
    client = entered.browser()
    del client.headers["origin"]
    told = client.post("/sign-in/token", json={"actor": "ana", "password": PASSWORD}).json()
    assert (told["actor"], told["hours"]) == ("ana", 12)
    bearer = {"authorization": f"Bearer {told['token']}"}
    assert client.get("/api/whoami", headers=bearer).json()["id"] == "ana"
    assert client.post("/sign-out", headers=bearer).json() == {"actor": "ana"}
    assert client.get("/api/whoami", headers=bearer).status_code == 401


def test_the_command_lines_door_is_closed_to_browsers(entered: Entered) -> None:
    entered.give_password("ana")
    body = {"actor": "ana", "password": PASSWORD}
    browser = entered.browser()
    assert browser.post("/sign-in/token", json=body).status_code == 415, "a page sends where it comes from"
    del browser.headers["origin"]
    assert browser.post("/sign-in/token", data=body).status_code == 415, "a form is no JSON"
    browser.get("/sign-in")
    assert browser.post("/sign-in/token", json=body).status_code == 415, "nor has a command line cookies"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"actor": "ana", "password": "wrong"}, 403),
        ({"link": "guessed"}, 403),
        ({}, 403),
        ([], 422),
        ({"actor": 1}, 422),
        ({"actor": "a" * 70_000}, 422),
    ],
)
def test_what_the_command_line_sends_wrong_is_refused(entered: Entered, body: object, status: int) -> None:
    client = entered.browser()
    del client.headers["origin"]
    assert client.post("/sign-in/token", json=body).status_code == status


def test_a_house_without_passwords_takes_none(entered: Entered) -> None:
    from muster.lifecycle.entrance.ways import Ways

    entered.give_password("ana")
    entered.door.ways = Ways()
    browser = entered.browser()
    page = browser.get("/sign-in").text
    assert "takes tokens alone" in page
    del browser.headers["origin"]
    browser.cookies.clear()
    answer = browser.post("/sign-in/token", json={"actor": "ana", "password": PASSWORD})
    assert (answer.status_code, answer.json()["error"][:28]) == (403, "this house takes no password")


def test_a_name_that_was_pointed_at_us_is_not_ours(entered: Entered) -> None:
    browser = entered.browser()
    answer = browser.get("/sign-in", headers={"host": "rebound.evil.example"})
    assert answer.status_code == 421
    assert browser.get("/health", headers={"host": "10.0.0.7"}).status_code == 200
