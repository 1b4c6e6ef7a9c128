from __future__ import annotations

import socket
from pathlib import Path

import pytest
from tests.adapters.packageindex.stub import Stub

from muster.adapters.packageindex.fetch import Fetcher
from muster.adapters.packageindex.index import Index
from muster.records.language.packages import Ecosystem


def _index(*addresses: str, **secrets: str) -> Index:
    return Index(Ecosystem.PYPI, addresses, "PIP_INDEX_URL", secrets=secrets)


@pytest.mark.enable_socket
def test_user_names_and_secrets_are_sent(server: Stub) -> None:
    host = server.address.removeprefix("http:")
    named = server.simple.replace("//", "//ann:pass@")
    with Fetcher(_index(named)) as fetcher, fetcher.get(named, "application/json") as reply:
        assert (reply.status, reply.kind) == (200, "application/vnd.pypi.simple.v1+json")
        assert b"numpy" in b"".join(reply.pieces)
    with Fetcher(_index(server.simple, **{f"{host}/main/": "Bearer x"})) as fetcher:
        for address in (server.simple, f"{server.address}/npm/left-pad"):
            with fetcher.get(address, "*/*"):
                pass
    assert [headers.get("authorization") for _, headers in server.asked] == ["Basic YW5uOnBhc3M=", "Bearer x", None]


@pytest.mark.enable_socket
def test_a_body_larger_than_it_may_be_and_one_that_breaks_off_are_refused(server: Stub) -> None:
    with Fetcher(_index(server.simple)) as fetcher:
        with (
            fetcher.get(server.simple, "application/json", largest=10) as reply,
            pytest.raises(ValueError, match="more than 10 bytes"),
        ):
            list(reply.pieces)
        server.broken = "cut"
        with (
            pytest.raises(ConnectionError, match=r"from PIP_INDEX_URL\): .*is it the right address"),
            fetcher.get(server.simple, "application/json") as reply,
        ):
            list(reply.pieces)


@pytest.mark.enable_socket
def test_where_nobody_answers_the_address_is_named_without_its_secret() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"http://ann:hunter2@127.0.0.1:{probe.getsockname()[1]}/simple/"
    with (
        Fetcher(_index(address)) as fetcher,
        pytest.raises(ConnectionError, match=r"http://127\.0\.0\.1:\d+/simple \(from PIP_INDEX_URL\)") as refused,
        fetcher.get(address, "*/*"),
    ):
        pass
    assert "hunter2" not in str(refused.value)
    assert "check user name" in str(fetcher.refuse(address, 401))
    assert "is it the address" in str(fetcher.refuse(address, 500))


def test_a_file_of_certificates_that_is_none_is_said(tmp_path: Path) -> None:
    for content in (None, "no certificate"):
        if content:
            (tmp_path / "ca.pem").write_text(content)
        index = Index(Ecosystem.PYPI, ("https://a.example",), "PIP_CERT", certificate=tmp_path / "ca.pem")
        with pytest.raises(ValueError, match=r"ca\.pem: no file of certificates to trust"):
            Fetcher(index)
