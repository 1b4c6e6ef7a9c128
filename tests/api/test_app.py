from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.testclient import TestClient

from muster.api.app import create_app
from muster.lifecycle.catalogue import CATALOGUE
from muster.lifecycle.entrance.refusals import WRITTEN
from muster.wiring.remote.wire import method_of, path_of

if TYPE_CHECKING:
    from tests.conftest import Founded


def test_health_answers_everybody(api: TestClient) -> None:
    del api.headers["authorization"]
    assert api.get("/health").json() == {"status": "up"}


def test_nothing_else_answers_without_a_token(api: TestClient) -> None:
    del api.headers["authorization"]
    paths = ["/", "/openapi.json", "/docs", "/nowhere", *(path_of(name) for name in CATALOGUE)]
    assert {api.get(path).status_code for path in paths} == {401}
    assert {api.post(path).status_code for path in paths} == {401}


def test_every_action_has_its_route(api: TestClient) -> None:
    for asked in CATALOGUE.values():
        other = "POST" if method_of(asked) == "GET" else "GET"
        answer = api.request(other, path_of(asked.name))
        assert answer.status_code == 405
        assert answer.json()["error"].endswith("/openapi.json lists what is")


def test_an_unknown_path_is_answered_in_our_words(api: TestClient) -> None:
    answer = api.get("/api/nowhere")
    assert answer.status_code == 404
    assert answer.json() == {"error": "/api/nowhere is not known here: GET; /openapi.json lists what is"}


def test_the_openapi_document_is_served(api: TestClient) -> None:
    assert api.get("/openapi.json").json()["openapi"] == "3.1.0"


def test_what_was_refused_and_only_counted_is_told_at_the_end(founded: Founded) -> None:
    house = founded.open()
    with TestClient(create_app(house)) as client:
        for _ in range(WRITTEN + 2):
            assert client.get("/api/whoami").status_code == 401
    house.ledger.refresh()
    refused = [recorded.entry.body["reason"] for recorded in house.ledger.read(kind="action.refused")]
    assert len(refused) == WRITTEN + 1
    assert refused[-1].startswith("2 more attempts")


def test_a_person_gets_a_page_where_there_is_none(api: TestClient) -> None:
    answer = api.get("/nowhere", headers={"accept": "text/html"})
    assert answer.status_code == 404
    assert "<h1>There is no such page</h1>" in answer.text
