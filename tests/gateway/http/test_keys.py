from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pytest

from muster.gateway.http.asgi import Failed
from muster.gateway.http.keys import client_asking
from muster.rules.language.clients import Client

ANN = Client("ann", "loans", hashlib.sha256(b"ann's").digest())


def test_a_client_is_known_by_its_key() -> None:
    told: list[str] = []
    assert client_asking(None, [], told.append) is None
    assert client_asking(lambda: [ANN], [(b"authorization", b"Bearer ann's")], told.append) == ANN
    sent = (b"authorization", b"Bearer ann's")
    for headers in ([], [(b"authorization", b"Bearer other")], [sent, sent], [(b"authorization", b"ann's")]):
        with pytest.raises(Failed) as failed:
            client_asking(lambda: [ANN], headers, told.append)
        assert (failed.value.status, failed.value.headers) == (401, [(b"www-authenticate", b"Bearer")])


def test_where_it_cannot_be_told_who_may_ask_nobody_may() -> None:
    told: list[str] = []

    def gone() -> Sequence[Client]:
        msg = "clients.txt is gone"
        raise OSError(msg)

    with pytest.raises(Failed, match="^not available$") as failed:
        client_asking(gone, [(b"authorization", b"Bearer ann's")], told.append)
    assert failed.value.status == 503
    assert told == ["nobody may ask here: clients.txt is gone"]
