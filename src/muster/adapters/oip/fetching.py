"""Fetching: one request to a model server, of which neither size nor time of the answer is left to the server."""

from __future__ import annotations

from queue import Empty, Queue
from threading import Thread
from typing import Any, Final

import httpx2

REQUEST_SECONDS: Final = 60.0
"""How long one request may take from beginning to end, however slowly the answer drips."""

LARGEST: Final = 32 * 2**20
"""Bytes of one answer."""


def fetched(client: httpx2.Client, method: str, url: str, body: Any = None) -> tuple[int, bytes]:
    """Send a request, with a body as JSON, and return status and content of the answer.

    Timeouts of a client are between two bytes, so that a server which drips its headers would hold us for days: a
    thread asks, and is left to end with the connection.

    Raises
    ------
    ConnectionError
        Where the server cannot be reached, breaks off, answers too much, or not in full within the time.
    ValueError
        Where the address is none.
    """
    answers: Queue[tuple[int, bytes] | Exception] = Queue()

    def run() -> None:
        try:
            answers.put(_asked(client, method, url, body))
        except Exception as error:  # noqa: BLE001 - raised again where somebody waits for it
            answers.put(error)

    Thread(target=run, daemon=True).start()
    try:
        answer = answers.get(timeout=REQUEST_SECONDS)
    except Empty:
        msg = f"{url} did not answer in full within {REQUEST_SECONDS:g} s: nothing was measured, try again later"
        raise ConnectionError(msg) from None
    if isinstance(answer, Exception):
        raise answer
    return answer


def _asked(client: httpx2.Client, method: str, url: str, body: Any) -> tuple[int, bytes]:
    try:
        with client.stream(method, url, json=body) as response:
            content = bytearray()
            for piece in response.iter_bytes():
                content += piece
                if len(content) > LARGEST:
                    msg = f"{url} answered more than {LARGEST} bytes"
                    raise ConnectionError(msg)
            return response.status_code, bytes(content)
    except httpx2.InvalidURL as error:
        msg = f"{url!r} is no address of a model server: {error}"
        raise ValueError(msg) from None
    except httpx2.RequestError as error:
        msg = f"{url} cannot be reached or broke off ({type(error).__name__}): nothing was measured, try again later"
        raise ConnectionError(msg) from None
