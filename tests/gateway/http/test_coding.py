from __future__ import annotations

import gzip
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.gateway.http.asgi import Failed, Reply
from muster.gateway.http.coding import WORTHWHILE, deflated, inflated

MOST = 1_000_000


@given(st.binary(max_size=2_000))
def test_what_was_compressed_comes_back_as_it_was(content: bytes) -> None:
    assert inflated(gzip.compress(content, mtime=0), b"gzip", MOST) == content
    assert inflated(zlib.compress(content), b"Deflate", MOST) == content
    assert inflated(content, b"identity", MOST) == content


@pytest.mark.parametrize("coding", [b"gzip", b"deflate"])
def test_a_bomb_is_refused_before_it_is_expanded(coding: bytes) -> None:
    body = {b"gzip": gzip.compress, b"deflate": zlib.compress}[coding](b"\0" * 50_000_000)
    tracemalloc.start()
    with pytest.raises(Failed, match="larger than") as failed:
        inflated(body, coding, MOST)
    assert tracemalloc.get_traced_memory()[1] < 4 * MOST
    tracemalloc.stop()
    assert failed.value.status == 413


@pytest.mark.parametrize(
    ("body", "coding", "status"),
    [
        (b"plain", b"gzip", 400),
        (gzip.compress(b"x" * 99, mtime=0)[:-9], b"gzip", 400),
        (gzip.compress(b"x", mtime=0) + b"more", b"gzip", 400),
        (b"", b"gzip", 400),
        (gzip.compress(b"x", mtime=0), b"br", 415),
        (gzip.compress(b"x", mtime=0), b"gzip, gzip", 415),
    ],
)
def test_what_is_not_compressed_as_it_says_is_refused(body: bytes, coding: bytes, status: int) -> None:
    with pytest.raises(Failed) as failed:
        inflated(body, coding, MOST)
    assert failed.value.status == status


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        (b"gzip, deflate, br", b"gzip"),
        (b"deflate", b"deflate"),
        (b"gzip;q=0, deflate;q=0.5", b"deflate"),
        (b"gzip;q=0.0", None),
        (b"br, zstd", None),
        (b"", None),
    ],
)
def test_answers_are_compressed_as_the_caller_takes_them(accepted: bytes, coding: bytes | None) -> None:
    answer = Reply(b"x" * WORTHWHILE, headers=[(b"a", b"b")])
    sent = deflated(answer, accepted)
    assert dict(sent.headers).get(b"content-encoding") == coding
    assert dict(sent.headers)[b"a"] == b"b"
    assert inflated(sent.content, coding or b"", MOST) == answer.content


def test_small_answers_are_left_alone() -> None:
    answer = Reply(b"x" * (WORTHWHILE - 1))
    assert deflated(answer, b"gzip") is answer
