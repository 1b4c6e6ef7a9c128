from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from muster.api import routes

if TYPE_CHECKING:
    from tests.conftest import Founded

JSON = {"content-type": "application/json"}


def test_an_action_takes_json_and_answers_with_its_result(api: TestClient) -> None:
    made = api.post("/api/actor/add", json={"id": "new", "roles": ["owner", "auditor"]}).json()
    assert (made["id"], made["roles"], made["proposals"]) == ("new", ["auditor"], ["new:owner:1"])
    assert made["token"].startswith("muster_")


def test_a_view_takes_its_arguments_from_the_query(api: TestClient) -> None:
    lines = api.get("/api/ledger/show", params={"kind": "actor.added", "last": 2}).json()
    assert [line["subject"] for line in lines] == ["actor:ana", "actor:max"]


@pytest.mark.parametrize(
    ("content", "headers", "said"),
    [
        (b"{", JSON, "actor add: the arguments are not JSON"),
        (b"[]", JSON, "actor add: the arguments must be a JSON object"),
        (b'{"id": "a", "id": "b"}', JSON, "repeats the key 'id'"),
        (b"id=a", {"content-type": "text/plain"}, "not text/plain"),
        (b"", {}, "actor add: missing argument id"),
        (b'{"id": "a", "roles": ["owner"], "rols": 1}', JSON, "actor add: unknown argument rols"),
        (b'{"id": "a", "roles": ["king"]}', JSON, "actor add: roles[0]: 'king' is none of"),
    ],
)
def test_what_is_wrong_with_a_body_is_said(api: TestClient, content: bytes, headers: dict[str, str], said: str) -> None:
    answer = api.post("/api/actor/add", content=content, headers=headers)
    assert answer.status_code == 422
    assert said in answer.json()["error"]


def test_an_unknown_query_argument_is_refused(api: TestClient) -> None:
    answer = api.get("/api/ledger/show", params={"lst": 2})
    assert answer.status_code == 422
    assert answer.json()["error"].startswith("ledger show: unknown argument lst")


def test_files_and_arguments_come_as_parts(api: TestClient) -> None:
    values = {"name": "n", "source": "s", "licence": "l", "contract": {"name": "c", "digest": "d", "columns": []}}
    answer = api.post(
        "/api/dataset/snapshot",
        data={"arguments": json.dumps(values)},
        files={"table": ("rows.csv", b"a\n1\n")},
    )
    # The admin may not snapshot: the parts were read, and the one judge of roles has spoken.
    assert answer.status_code == 403
    assert "'dataset snapshot' needs the role" in answer.json()["error"]


def test_a_part_that_is_no_file_is_an_error(api: TestClient) -> None:
    answer = api.post("/api/dataset/snapshot", data={"name": "n"}, files={"table": ("rows.csv", b"a\n1\n")})
    assert answer.status_code == 422
    assert "part 'name' is no file" in answer.json()["error"]


def test_a_broken_multipart_body_is_an_error(api: TestClient) -> None:
    headers = {"content-type": "multipart/form-data; boundary=x"}
    answer = api.post("/api/dataset/snapshot", content=b"--y\r\nnonsense", headers=headers)
    assert answer.status_code == 422


def test_progress_is_streamed_where_it_is_accepted(api: TestClient) -> None:
    headers = {"accept": "application/x-ndjson"}
    answer = api.post("/api/actor/add", json={"id": "new", "roles": ["owner"]}, headers=headers)
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert json.loads(answer.text.splitlines()[-1])["result"]["id"] == "new"


def test_entries_carry_the_actor_of_the_token_not_the_mark_of_local_mode(api: TestClient, founded: Founded) -> None:
    api.post("/api/actor/add", json={"id": "new", "roles": ["owner"]})
    assert [recorded.entry.actor for recorded in founded.open().ledger.read()][-1] == "admin"


def test_a_revoked_token_is_worth_nothing(api: TestClient, founded: Founded) -> None:
    ana = {"authorization": f"Bearer {founded.tokens['ana']}"}
    assert api.get("/api/actor/list", headers=ana).status_code == 200
    (token,) = api.get("/api/token/list", headers=ana).json()
    api.post("/api/token/revoke", json={"id": token["id"], "reason": "lost"})
    assert api.get("/api/actor/list", headers=ana).status_code == 401


def test_arguments_of_any_size_are_not_read_into_memory(api: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "LARGEST_ARGUMENTS", 2**17)
    answer = api.post("/api/actor/add", content=b'{"id": "' + b"x" * 2**18 + b'"}', headers=JSON)
    assert answer.status_code == 413
    assert "the arguments are larger than 0 MiB" in answer.json()["error"]
