from __future__ import annotations

from pathlib import Path

import pytest
from tests.servers.certificate import certificate

from muster.settings import Settings
from muster.wiring.carried.tls import require_guarded, tls_of

ABROAD = "192.0.2.1"


def test_on_this_machine_nothing_is_asked_for() -> None:
    for host in ("127.0.0.1", "::1", "localhost"):
        require_guarded(Settings(), host)


def test_beyond_it_there_is_tls_or_a_proxy_and_it_is_meant(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="set expose"):
        require_guarded(Settings(tls_certificate=tmp_path, tls_key=tmp_path), ABROAD)
    with pytest.raises(ValueError, match="there is no TLS"):
        require_guarded(Settings(expose=True), ABROAD)
    require_guarded(Settings(expose=True, tls_certificate=tmp_path), ABROAD)
    require_guarded(Settings(expose=True, behind_proxy=("192.0.2.2",)), ABROAD)


def test_a_certificate_with_its_key_is_taken(tmp_path: Path) -> None:
    chain, key = certificate(tmp_path)
    assert tls_of(Settings(tls_certificate=chain, tls_key=key)) == {"ssl_certfile": str(chain), "ssl_keyfile": str(key)}
    assert tls_of(Settings()) == {}


def test_what_cannot_be_used_is_said_before_anything_listens(tmp_path: Path) -> None:
    chain, _ = certificate(tmp_path / "a")
    _, other = certificate(tmp_path / "b")
    _, locked = certificate(tmp_path / "c", passphrase=b"secret")
    with pytest.raises(ValueError, match="go together"):
        tls_of(Settings(tls_certificate=chain))
    for wrong in (other, locked, tmp_path / "nowhere", chain):
        with pytest.raises(ValueError, match="tls_certificate and tls_key: .* cannot be used"):
            tls_of(Settings(tls_certificate=chain, tls_key=wrong))
