from __future__ import annotations

import threading

import httpx2
import pytest

from muster.adapters.telling.pushing import OrdersPush


def test_every_gateway_is_told_and_one_that_is_away_is_said_to_be() -> None:
    told, done, said = [], threading.Event(), []

    def take(request: httpx2.Request) -> httpx2.Response:
        if request.url.host == "away.example":
            msg = "away"
            raise httpx2.ConnectError(msg)
        told.append((str(request.url), request.content))
        done.set()
        return httpx2.Response(202)

    push = OrdersPush(("https://g1.example:8500/", "https://away.example"), said.append, httpx2.MockTransport(take))
    push("orders")
    assert done.wait(10)
    push.close()
    assert told == [("https://g1.example:8500/v2/muster/orders", b"orders")]
    assert "away.example (it polls all the same): given up" in said[0]


def test_orders_go_nowhere_in_plain_text() -> None:
    with pytest.raises(ValueError, match="use https"):
        OrdersPush(("http://g1.example:8500",), print)
