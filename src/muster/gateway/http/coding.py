"""Coding: bodies that come compressed, in bounded memory, and answers that go compressed to who takes them so."""

from __future__ import annotations

import zlib

from muster.gateway.http.asgi import Failed, Reply

WORTHWHILE = 1_400
"""Bytes; what fits into one packet gains nothing."""

LEVEL = 1
"""Of zlib: an answer is made once and read once."""

_WINDOWS = {b"gzip": 31, b"x-gzip": 31, b"deflate": 15}
"""What zlib calls the formats; ``deflate`` is the format of zlib (RFC 9110, section 8.4.1.2)."""


def inflated(body: bytes, coding: bytes, most: int) -> bytes:
    """Return a body as it was before it was compressed.

    Parameters
    ----------
    coding
        As ``Content-Encoding`` says.
    most
        Bytes; nothing is expanded beyond them, whatever the body would come to.

    Raises
    ------
    Failed
        400 where it is not what its head says, 413 where it is larger, 415 where it is coded in another way.
    """
    coding = coding.strip().lower()
    if coding in (b"", b"identity"):
        return body
    window = _WINDOWS.get(coding)
    if window is None:
        raise Failed(415, "Content-Encoding: gzip and deflate are taken, one of them at a time")
    reader = zlib.decompressobj(window)
    try:
        content = reader.decompress(body, most + 1)
    except zlib.error:
        raise Failed(400, "the body is not compressed as Content-Encoding says") from None
    if len(content) > most:
        raise Failed(413, f"the body is larger than {most} bytes: send several requests")
    if not reader.eof or reader.unused_data:
        raise Failed(400, "the compressed body ends too early, or goes on behind its end")
    return content


def deflated(answer: Reply, accepted: bytes) -> Reply:
    """Return an answer compressed, where that is worthwhile and ``Accept-Encoding`` allows it."""
    if len(answer.content) < WORTHWHILE:
        return answer
    coding = _chosen(accepted)
    if not coding:
        return answer
    writer = zlib.compressobj(LEVEL, wbits=_WINDOWS[coding])
    content = writer.compress(answer.content) + writer.flush()
    told = (b"content-encoding", coding), (b"vary", b"accept-encoding")
    return answer._replace(content=content, headers=(*answer.headers, *told))


def _chosen(accepted: bytes) -> bytes:
    """Return gzip before deflate, whichever is not weighted with zero."""
    weights = {}
    for part in accepted.lower().split(b","):
        name, _, weight = part.partition(b";")
        weights[name.strip()] = weight.replace(b" ", b"").rstrip(b"0.") != b"q="
    return next((coding for coding in (b"gzip", b"deflate") if weights.get(coding)), b"")
