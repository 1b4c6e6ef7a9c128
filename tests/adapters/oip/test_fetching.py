"""One request: neither the size of the answer nor its time is left to the server."""

from __future__ import annotations

import gzip
import threading

import httpx2
import pytest

from muster.adapters.oip import fetching
from muster.adapters.oip.fetching import fetched

URL = "http://127.0.0.1:9/v2/models/scorer"


def answered(response: httpx2.Response) -> tuple[int, bytes]:
    with httpx2.Client(transport=httpx2.MockTransport(lambda _: response)) as client:
        return fetched(client, "POST", URL, {"inputs": []})


def test_status_and_content_come_back() -> None:
    assert answered(httpx2.Response(418, content=b"tea")) == (418, b"tea")


def test_what_unpacks_to_too_much_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "LARGEST", 1000)
    packed = httpx2.Response(200, content=gzip.compress(bytes(5000)), headers={"content-encoding": "gzip"})
    with pytest.raises(ConnectionError, match="more than 1000 bytes"):
        answered(packed)


def test_what_does_not_unpack_is_a_broken_answer() -> None:
    def broken(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, stream=httpx2.ByteStream(b"zz"), headers={"content-encoding": "gzip"})

    with (
        httpx2.Client(transport=httpx2.MockTransport(broken)) as client,
        pytest.raises(ConnectionError, match=r"broke off \(DecodingError\)"),
    ):
        fetched(client, "GET", URL)


def test_a_server_that_never_comes_to_an_end_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "REQUEST_SECONDS", 0.05)
    left = threading.Event()

    def waiting(_: httpx2.Request) -> httpx2.Response:
        left.wait(10)
        return httpx2.Response(200)

    with httpx2.Client(transport=httpx2.MockTransport(waiting)) as client:
        with pytest.raises(ConnectionError, match=r"did not answer in full within 0\.05 s"):
            fetched(client, "GET", URL)
        left.set()


def test_an_address_that_no_client_can_ask_is_said_to_be_so() -> None:
    with httpx2.Client() as client, pytest.raises(ValueError, match="is no address of a model server"):
        fetched(client, "GET", "https://a\nb")
