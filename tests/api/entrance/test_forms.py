from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from starlette.requests import Request
from starlette.types import Message, Receive

from muster.api.entrance.forms import LARGEST, fields_of, peek, read_form

PLAIN = "application/x-www-form-urlencoded"
FILES = "multipart/form-data; boundary=b"
TOKEN = "0123456789abcdef" * 4


def receiving(*parts: bytes) -> Receive:
    left = list(parts)

    async def receive() -> Message:
        part = left.pop(0) if left else b""
        return {"type": "http.request", "body": part, "more_body": bool(left)}

    return receive


def peeked(kind: str, *parts: bytes) -> tuple[str, bytes]:
    """Return the token, and the body as the application receives it afterwards."""

    async def run() -> tuple[str, bytes]:
        token, receive = await peek(kind, receiving(*parts))
        body, more = b"", True
        while more:
            message = await receive()
            body += message["body"]
            more = message["more_body"]
        return token, body

    return asyncio.run(run())


def multipart(first: str) -> bytes:
    head = f'--b\r\nContent-Disposition: form-data; name="{first}"\r\n\r\n{TOKEN}\r\n'
    return head.encode() + b'--b\r\ncontent-disposition: form-data; name="f"; filename="x"\r\n\r\n' + b"z" * 5000


@pytest.mark.parametrize("parts", [[b"csrf=" + TOKEN.encode() + b"&a=1"], [b"a=1&cs", b"rf=", TOKEN.encode()]])
def test_the_token_of_a_form_is_found_and_the_body_comes_whole(parts: Sequence[bytes]) -> None:
    assert peeked(PLAIN, *parts) == (TOKEN, b"".join(parts))


def test_a_form_with_files_has_its_token_first() -> None:
    body = multipart("csrf")
    assert peeked(FILES, body[:20], body[20:3000], body[3000:]) == (TOKEN, body)
    assert peeked(FILES, multipart("other"))[0] == ""


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b'{"csrf": "x"}'),
        ("text/plain", b"csrf=" + TOKEN.encode()),
        ("", b"csrf=" + TOKEN.encode()),
        (PLAIN, b"csrf=a&csrf=" + TOKEN.encode()),
        (PLAIN, b"\xff\xfe"),
        (PLAIN, b""),
        (FILES, b""),
    ],
)
def test_anything_else_has_no_token_and_comes_whole(kind: str, body: bytes) -> None:
    assert peeked(kind, body) == ("", body)


def test_a_form_is_not_read_for_ever() -> None:
    parts = [b"a" * 10_000] * 20 + [b"&csrf=" + TOKEN.encode()]
    token, body = peeked(PLAIN, *parts)
    assert token == ""
    assert body == b"".join(parts)


def read(kind: str, body: bytes) -> dict[str, str]:
    scope = {"type": "http", "method": "POST", "headers": [(b"content-type", kind.encode())]}
    return dict(asyncio.run(read_form(Request(scope, receiving(body)))))


def test_fields_are_read_once_each() -> None:
    assert read(PLAIN, b"a=1&b=%C3%A4+b&c=") == {"a": "1", "b": "ä b", "c": ""}
    assert fields_of(b"a=1&a=2&b=3") == {"b": "3"}
    assert fields_of(b"&".join(b"a%d=1" % n for n in range(60))) == {}


def test_what_is_no_form_or_too_large_is_refused() -> None:
    with pytest.raises(ValueError, match="what its own form sends"):
        read("application/json", b"{}")
    with pytest.raises(ValueError, match="larger than"):
        read(PLAIN, b"a=" + b"x" * LARGEST)
