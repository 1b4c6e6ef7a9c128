from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from muster.api.app import create_app

if TYPE_CHECKING:
    from tests.conftest import Founded


@pytest.fixture
def api(founded: Founded) -> Iterator[TestClient]:
    """The API of a founded house, asked by its admin unless the test says otherwise."""
    headers = {"authorization": f"Bearer {founded.tokens['admin']}"}
    with TestClient(create_app(founded.open(), largest_upload_mib=1), headers=headers) as client:
        yield client
