from __future__ import annotations

import pytest

from muster.rules.address import loopback


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.8.7", "::1", "[::1]"])
def test_this_machine_is_known(host: str) -> None:
    assert loopback(host)


@pytest.mark.parametrize(
    "host",
    ["", "192.0.2.1", "::", "10.0.0.1", "localhost.bank.example", "127.0.0.1.bank.example", "127.1", "bank.example"],
)
def test_no_other_host_is_taken_for_it(host: str) -> None:
    assert not loopback(host)
