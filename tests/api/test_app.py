from __future__ import annotations

from starlette.testclient import TestClient

from muster.lifecycle.catalogue import CATALOGUE
from muster.wiring.wire import method_of, path_of


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
