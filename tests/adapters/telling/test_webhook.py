from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest

from muster.adapters.telling.webhook import Event, Webhook, require_address, secret_of, signature

SECRET = b"a secret of the test"
EVENT = Event("muster.alert.raised", "alert:root-wrong", datetime(2026, 11, 23, tzinfo=UTC), {"what": "root-wrong"})


def hook(answer: int, seen: list[httpx2.Request]) -> Webhook:
    def take(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(answer)

    return Webhook("https://alerts.example/in", SECRET, "/muster/gateway/g", httpx2.MockTransport(take))


def test_an_event_is_a_cloud_event_that_proves_who_tells() -> None:
    seen: list[httpx2.Request] = []
    hook(204, seen).send(EVENT)
    (request,) = seen
    body = json.loads(request.content)
    assert request.headers["content-type"] == "application/cloudevents+json"
    assert body == {
        "specversion": "1.0",
        "id": EVENT.id,
        "source": "/muster/gateway/g",
        "type": "muster.alert.raised",
        "subject": "alert:root-wrong",
        "time": "2026-11-23T00:00:00.000000Z",
        "datacontenttype": "application/json",
        "data": {"what": "root-wrong"},
    }
    signed = b".".join(
        (request.headers["webhook-id"].encode(), request.headers["webhook-timestamp"].encode(), request.content)
    )
    expected = base64.b64encode(hmac.new(SECRET, signed, hashlib.sha256).digest()).decode()
    assert request.headers["webhook-signature"] == f"v1,{expected}"


def test_the_signature_is_that_of_standard_webhooks() -> None:
    """The example of the standard, computed here with the secret as plain bytes."""
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    body = b'{"test": 2432232314}'
    assert (
        signature(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", body)
        == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


@pytest.mark.parametrize("status", [302, 404, 500])
def test_whoever_does_not_take_it_was_not_told(status: int) -> None:
    with pytest.raises(OSError, match=f"answered {status}"):
        hook(status, []).send(EVENT)


def test_nothing_is_sent_where_others_could_read_it() -> None:
    for url in ("http://alerts.example/in", "ftp://alerts.example", "alerts.example"):
        with pytest.raises(ValueError, match="https"):
            require_address(url)
    require_address("http://127.0.0.1:9000/in")


def test_a_secret_is_secret_and_long_enough(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    with pytest.raises(ValueError, match="webhook_secret"):
        secret_of(None)
    path.write_text("short\n")
    path.chmod(0o600)
    with pytest.raises(ValueError, match="at least 16"):
        secret_of(path)
    path.write_text("0123456789abcdef\n")
    assert secret_of(path) == b"0123456789abcdef"
    path.chmod(0o644)
    with pytest.raises(PermissionError, match="chmod 600"):
        secret_of(path)
