"""Forms: what a browser posts, and the token in it, read before anybody else reads the body."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.types import Message, Receive

FIELD = "csrf"
"""Name of the field with the form's token; of a multipart form it is the first."""

LARGEST = 64 * 1024
"""Bytes of a form without files, and of the head of one with files."""

_FIRST_PART = re.compile(
    rb'\A--[^\r\n]{1,70}\r\ncontent-disposition: form-data; name="' + FIELD.encode() + rb'"\r\n\r\n([0-9a-f]{64})\r\n',
    re.IGNORECASE,
)


async def peek(kind: str, receive: Receive) -> tuple[str, Receive]:
    """Return the token of a posted form, and a way to receive the body from its beginning.

    Parameters
    ----------
    kind
        The content type.
    receive
        Of the request; it is read no further than needed.
    """
    plain = kind.partition(";")[0].strip().lower()
    if plain not in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        return "", receive
    head, messages = b"", []
    while len(head) <= LARGEST:
        messages.append(message := await receive())
        head += message.get("body", b"")
        if not message.get("more_body", False) or (plain != "application/x-www-form-urlencoded" and len(head) >= 1024):
            break
    if plain == "multipart/form-data":
        found = _FIRST_PART.match(head)
        token = found[1].decode() if found else ""
    else:
        token = fields_of(head).get(FIELD, "")
    return token, _again(messages, receive)


async def read_form(request: Request) -> Mapping[str, str]:
    """Return the fields of a posted form without files; raise ValueError where it is none, or too large."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        msg = "this page takes what its own form sends"
        raise ValueError(msg)
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            msg = f"the form is larger than {LARGEST} bytes"
            raise ValueError(msg)
    return fields_of(body)


def fields_of(body: bytes) -> Mapping[str, str]:
    """Return the fields of a form; of those that came twice, and of what is no form, nothing."""
    try:
        found = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=50)
    except ValueError:
        return {}
    return {name: values[0] for name, values in found.items() if len(values) == 1}


def _again(messages: list[Message], receive: Receive) -> Receive:
    waiting = iter(messages)

    async def replayed() -> Message:
        message = next(waiting, None)
        return message if message is not None else await receive()

    return replayed
