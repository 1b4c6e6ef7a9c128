"""Pushing: gateways are told of new orders at once, best effort; whoever is not reached polls all the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from muster.adapters.telling.courier import Courier
from muster.adapters.telling.webhook import post, require_address

PATH = "/v2/muster/orders"
"""Where a gateway takes them."""

CLOSING_S = 2.0
"""How long the end of a process may wait for orders that are on their way."""


class OrdersPush:
    """Tells gateways of orders, each from a thread of its own, once.

    Parameters
    ----------
    urls
        Addresses of gateways, such as ``https://g1.bank.example:8500``.
    say
        Takes lines for the operator.
    transport
        How requests travel, if not over sockets.
    """

    def __init__(self, urls: Sequence[str], say: Callable[[str], None], transport: Any = None) -> None:
        self._couriers = tuple(self._courier(url.rstrip("/"), say, transport) for url in urls)

    def __call__(self, envelope: str) -> None:
        """Tell all of them, without waiting."""
        for courier in self._couriers:
            courier.send(envelope)

    def close(self) -> None:
        """Give what is on its way a moment."""
        for courier in self._couriers:
            courier.close(CLOSING_S)

    @staticmethod
    def _courier(url: str, say: Callable[[str], None], transport: Any) -> Courier[str]:
        require_address(url)

        def deliver(envelope: str) -> None:
            post(f"{url}{PATH}", envelope.encode(), {"content-type": "application/json"}, transport=transport)

        return Courier(f"push to {url} (it polls all the same)", deliver, say, pauses=())
