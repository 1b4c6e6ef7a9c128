from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.entered import ORIGIN, quick
from tests.servers.rogue import CLIENT, Rogue, rogue

from muster.adapters.oidc import OidcProvider, Registration
from muster.api.entrance.door import open_door
from muster.api.entrance.site import Site
from muster.lifecycle.entrance.ways import Ways
from muster.records.people import Role

if TYPE_CHECKING:
    from starlette.testclient import TestClient
    from tests.entered import Entered

pytestmark = pytest.mark.enable_socket


@pytest.fixture
def idp(entered: Entered) -> Iterator[Rogue]:
    """A provider that says what a test wants, bound to the door of the house."""
    with rogue() as state:
        known = OidcProvider(Registration(state.issuer, CLIENT))
        ways = Ways(passwords=quick(), provider=known, groups={"ops": Role.OPERATOR, "risk": Role.RISK_ANALYST})
        entered.door = open_door(entered.house, ways, Site(ORIGIN), clock=entered.hands.seconds)
        yield state


def depart(browser: TestClient, idp: Rogue, **query: str) -> str:
    """Begin a sign-in, and return the state that must come back."""
    answer = browser.get("/sign-in/provider", params=query)
    assert answer.status_code == 303, answer.text
    asked = parse_qs(urlsplit(answer.headers["location"]).query)
    idp.nonce = asked["nonce"][0]
    assert asked["redirect_uri"] == [f"{ORIGIN}/sign-in/return"]
    return asked["state"][0]


def tied(entered: Entered, idp: Rogue, actor: str) -> None:
    browser = entered.browser()
    state = depart(browser, idp, link=entered.link(actor))
    assert browser.get("/sign-in/return", params={"code": "c", "state": state}).status_code == 303


def test_a_link_ties_a_person_and_from_then_on_they_sign_in_there(entered: Entered, idp: Rogue) -> None:
    tied(entered, idp, "max")
    idp.claims = {"groups": ["ops", "risk"]}
    browser = entered.browser()
    state = depart(browser, idp, next="/password")
    answer = browser.get("/sign-in/return", params={"code": "c", "state": state})
    assert (answer.status_code, answer.headers["location"]) == (303, "/password")
    me = browser.get("/api/whoami").json()
    assert (me["id"], [held["role"] for held in me["roles"]]) == ("max", ["ml-engineer", "operator"])
    assert entered.entries("role.proposed")[-1]["role"] == "risk-analyst"


def test_roles_of_groups_end_with_the_session(entered: Entered, idp: Rogue) -> None:
    tied(entered, idp, "max")
    assert [held.role for held in entered.do("max", "whoami").roles] == [Role.ML_ENGINEER]


@pytest.mark.parametrize("query", [{"code": "c"}, {"code": "c", "state": "guessed"}, {}])
def test_what_was_not_begun_here_signs_nobody_in(entered: Entered, idp: Rogue, query: dict[str, str]) -> None:
    browser = entered.browser()
    depart(browser, idp)
    answer = browser.get("/sign-in/return", params=query)
    assert answer.status_code == 403
    assert "was not begun in this browser" in answer.text
    assert entered.entries("action.refused")[-1]["action"] == "sign-in"
    assert "/token" not in idp.asked


def test_no_other_page_ties_a_name_at_the_provider(entered: Entered, idp: Rogue) -> None:
    """Somebody sends a colleague's browser to the provider with a link of their own, to have it act as them."""
    link = entered.link("max")
    sent = entered.browser().get("/sign-in/provider", params={"link": link}, headers={"sec-fetch-site": "cross-site"})
    assert sent.status_code == 403
    assert "Another page sent you here" in sent.text
    assert idp.asked == []
    depart(entered.browser(), idp, link=link)


def test_nobody_pushes_the_journeys_of_others_out(entered: Entered, idp: Rogue) -> None:
    browser = entered.browser()
    state = depart(browser, idp)
    flood = entered.browser()
    said = [flood.get("/sign-in/provider").status_code for _ in range(70)]
    assert said[-1] == 429
    assert entered.door.journeys.take(state) is not None


def test_what_another_browser_began_signs_nobody_in(entered: Entered, idp: Rogue) -> None:
    tied(entered, idp, "max")
    state = depart(entered.browser(), idp)
    victim = entered.browser()
    depart(victim, idp)
    assert victim.get("/sign-in/return", params={"code": "c", "state": state}).status_code == 403


def test_an_answer_counts_once_and_not_for_long(entered: Entered, idp: Rogue) -> None:
    tied(entered, idp, "max")
    browser = entered.browser()
    answer = {"code": "c", "state": depart(browser, idp)}
    visit = browser.cookies["muster-visit"]
    assert browser.get("/sign-in/return", params=answer).status_code == 303
    again = entered.browser()
    again.cookies.set("muster-visit", visit)
    assert again.get("/sign-in/return", params=answer).status_code == 403
    late = {"code": "c", "state": depart(again, idp)}
    entered.hands.passed = timedelta(minutes=11)
    assert again.get("/sign-in/return", params=late).status_code == 403


def test_a_token_with_another_nonce_signs_nobody_in(entered: Entered, idp: Rogue) -> None:
    tied(entered, idp, "max")
    browser = entered.browser()
    state = depart(browser, idp)
    idp.nonce = "that of another sign-in"
    answer = browser.get("/sign-in/return", params={"code": "c", "state": state})
    assert answer.status_code == 403
    assert "nobody was signed in" in answer.text


def test_a_stranger_is_told_whom_to_ask(entered: Entered, idp: Rogue) -> None:
    browser = entered.browser()
    answer = browser.get("/sign-in/return", params={"code": "c", "state": depart(browser, idp)})
    assert answer.status_code == 403
    assert "ask an admin for a one-time link" in answer.text


def test_a_link_that_is_no_good_is_not_taken_on_a_journey(entered: Entered, idp: Rogue) -> None:
    assert entered.browser().get("/sign-in/provider?link=guessed").status_code == 403
    assert idp.asked == []


def test_nobody_is_sent_elsewhere_afterwards(entered: Entered, idp: Rogue) -> None:
    tied(entered, idp, "max")
    browser = entered.browser()
    state = depart(browser, idp, next="//evil.example")
    answer = browser.get("/sign-in/return", params={"code": "c", "state": state})
    assert answer.headers["location"] == "/"


@pytest.mark.usefixtures("idp")
def test_who_came_by_another_name_of_ours_begins_where_the_cookie_will_be(entered: Entered) -> None:
    entered.door.site = Site(ORIGIN, frozenset({"http://localhost"}))
    answer = entered.browser().get("/sign-in/provider?next=/a", headers={"host": "localhost"})
    assert answer.headers["location"] == f"{ORIGIN}/sign-in/provider?next=/a"


def test_a_provider_that_is_away_is_no_fault_of_whoever_asks(entered: Entered) -> None:
    ways = Ways(provider=OidcProvider(Registration("http://127.0.0.1:9", CLIENT)))
    entered.door = open_door(entered.house, ways, Site(ORIGIN))
    answer = entered.browser().get("/sign-in/provider")
    assert answer.status_code == 503
    assert "try again" in answer.text


def test_without_a_provider_there_are_no_such_pages(entered: Entered) -> None:
    assert entered.browser().get("/sign-in/provider").status_code == 404
