"""The index on this machine, one for the tests of a file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.adapters.packageindex.stub import PROJECTS, Stub, stub


@pytest.fixture(scope="module")
def _server() -> Iterator[Stub]:
    with stub() as running:
        yield running


@pytest.fixture
def server(_server: Stub) -> Stub:
    """The index as it is at first."""
    _server.broken, _server.names = "", [*PROJECTS, "Zope.Interface"]
    _server.asked.clear()
    return _server
