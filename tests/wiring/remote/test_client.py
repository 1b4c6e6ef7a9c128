from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from muster.lifecycle.catalogue import CATALOGUE
from muster.lifecycle.desk.action import Download
from muster.ports.ledger import Conflict
from muster.settings import read_settings
from muster.wiring.control import Local
from muster.wiring.remote.client import Client, connect, decode_result, encode_result

if TYPE_CHECKING:
    from tests.conftest import Founded

HOST = "https://control.example"


def _quiet(_: str) -> None:
    return None


def _client(answer: Callable[[httpx2.Request], httpx2.Response]) -> Client:
    return Client(HOST, "muster_token", httpx2.MockTransport(answer))


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://control.example", "use https"),
        ("control.example:8400", "is no address"),
        ("ftp://control.example", "is no address"),
    ],
)
def test_a_token_does_not_go_where_others_can_read_it(url: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Client(url, "muster_token")


@pytest.mark.parametrize("url", ["http://127.0.0.1:8400", "http://localhost:8400", "http://[::1]:8400", HOST])
def test_plain_http_is_for_this_machine(url: str) -> None:
    assert Client(url, "muster_token").url == url


def test_no_token_is_said_before_anything_is_sent() -> None:
    with pytest.raises(ValueError, match="MUSTER_TOKEN"):
        Client(HOST, "")


@pytest.mark.parametrize("token", ["muster_a\nb", "muster_ä", "muster_a b", "muster_\0"])
def test_what_can_be_no_token_is_said_and_not_repeated(token: str) -> None:
    with pytest.raises(ValueError, match="what `muster actor add` printed") as caught:
        Client(HOST, token)
    assert token not in str(caught.value)


def test_the_token_travels_in_the_header_and_nowhere_else() -> None:
    seen: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(200, json=[])

    client = _client(answer)
    assert client.call("actor list", {}, _quiet) == ()
    assert seen[0].headers["authorization"] == "Bearer muster_token"
    assert "muster_token" not in str(seen[0].url) + repr(client)


def test_progress_is_told_and_then_the_result() -> None:
    lines = [{"progress": "one"}, {"progress": "two"}, {"result": {"id": "ana", "roles": ["owner"], "token": "t"}}]
    body = "".join(json.dumps(line) + "\n" for line in lines)
    client = _client(lambda _: httpx2.Response(200, text=body, headers={"content-type": "application/x-ndjson"}))
    told: list[str] = []
    made = client.call("actor add", {"id": "ana", "roles": ["owner"]}, told.append)
    assert (told, made.token) == (["one", "two"], "t")


def test_an_error_in_the_last_line_is_raised_as_what_it_was() -> None:
    body = json.dumps({"error": "changed", "status": 409}) + "\n"
    client = _client(lambda _: httpx2.Response(200, text=body, headers={"content-type": "application/x-ndjson"}))
    with pytest.raises(Conflict, match="changed"):
        client.call("actor add", {"id": "ana", "roles": ["owner"]}, _quiet)


def test_breaking_off_is_no_result() -> None:
    body = json.dumps({"progress": "one"}) + "\n"
    client = _client(lambda _: httpx2.Response(200, text=body, headers={"content-type": "application/x-ndjson"}))
    with pytest.raises(ConnectionError, match="without a result"):
        client.call("actor add", {"id": "ana", "roles": ["owner"]}, _quiet)


def test_an_answer_of_something_else_says_so() -> None:
    client = _client(lambda _: httpx2.Response(502, text="<html>bad gateway</html>"))
    with pytest.raises(RuntimeError, match=r"control.example answered 502 .* is it a control plane\?"):
        client.call("actor list", {}, _quiet)


def test_a_file_comes_with_its_name() -> None:
    headers = {"content-disposition": 'attachment; filename="a.parquet"', "content-type": "application/x-parquet"}
    client = _client(lambda _: httpx2.Response(200, content=b"bytes", headers=headers))
    assert client.call("dataset download", {"dataset": "x"}, _quiet) == Download(
        "a.parquet", b"bytes", "application/x-parquet"
    )


def test_downloads_survive_as_json_too() -> None:
    download = Download("a.bin", b"\x00\xff", "application/x-parquet")
    assert decode_result(CATALOGUE["dataset download"], json.loads(json.dumps(encode_result(download)))) == download


@pytest.mark.enable_socket
def test_nobody_there_says_what_to_do() -> None:
    with pytest.raises(ConnectionError, match="nobody answers at .* `muster up` starts one"):
        Client("http://127.0.0.1:9", "muster_token").call("actor list", {}, _quiet)


def test_an_unknown_action_is_not_sent() -> None:
    def answer(_: httpx2.Request) -> httpx2.Response:
        raise AssertionError

    with pytest.raises(LookupError, match="no action is called 'actor lst'"):
        _client(answer).call("actor lst", {}, _quiet)


@pytest.fixture
def local(founded: Founded) -> Iterator[Any]:
    desk = connect(read_settings({"home": founded.home, "actor": "ana"}, {}))
    yield desk
    desk.close()


def test_without_a_url_the_desk_is_in_this_process(local: Any) -> None:
    assert isinstance(local, Local)
    assert {actor.id for actor in local.call("actor list", {}, _quiet)} == {"admin", "ana", "ines", "max", "olga"}


def test_with_a_url_the_desk_is_there() -> None:
    desk = connect(read_settings({"url": HOST, "token": "t"}, {}))
    assert isinstance(desk, Client)
    desk.close()
