"""The contract of Upstream, run against what fills it."""

import asyncio
from collections.abc import Callable

import httpx2
import pytest

from muster.adapters.upstream import HttpUpstream
from muster.ports.upstream import ProviderDown, Upstream

URL = "https://models.example/v1/chat/completions"

UPSTREAMS: dict[str, Callable[[bytes | None], Upstream]] = {
    "http": lambda said: HttpUpstream(
        lambda _: "",
        httpx2.MockTransport(lambda _: httpx2.Response(400 if said is None else 200, content=said or b"")),
    ),
}


@pytest.mark.parametrize("make", UPSTREAMS.values(), ids=UPSTREAMS)
def test_bytes_come_in_order_and_to_their_end(make: Callable[[bytes | None], Upstream]) -> None:
    said = bytes(range(256)) * 500

    async def heard() -> bytes:
        return b"".join([part async for part in make(said).stream("local", URL, {})])

    assert asyncio.run(heard()) == said


@pytest.mark.parametrize("make", UPSTREAMS.values(), ids=UPSTREAMS)
def test_a_provider_that_turns_it_away_gives_no_byte_and_says_its_status(
    make: Callable[[bytes | None], Upstream],
) -> None:
    async def heard() -> list[bytes]:
        return [part async for part in make(None).stream("local", URL, {})]

    with pytest.raises(ProviderDown) as down:
        asyncio.run(heard())
    assert down.value.status == 400
