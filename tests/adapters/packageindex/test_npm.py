from __future__ import annotations

import base64
from pathlib import Path

import pytest

from muster.adapters.packageindex.npm import configured


def test_registry_scopes_and_secrets_come_from_the_users_file(tmp_path: Path) -> None:
    password = base64.b64encode(b"hunter2").decode()
    (tmp_path / ".npmrc").write_text(
        "; mine\nregistry=https://a.example/npm/\n@acme:registry = 'https://acme.example/'\n"
        "//acme.example/:_authToken=${TOKEN}\n//a.example/npm/:username=ann\n"
        f"//a.example/npm/:_password={password}\ncafile=/c\nproxy=null\nhttps-proxy=http://p.example\n"
    )
    index = configured({"TOKEN": "t0k"}, tmp_path, tmp_path / "root", lambda _: "")
    assert (index.addresses, index.told_by) == (("https://a.example/npm/",), str(tmp_path / ".npmrc"))
    assert index.address_of("@acme/x") == "https://acme.example/"
    assert index.authorization("https://acme.example/@acme%2Fx") == "Bearer t0k"
    assert index.authorization("https://a.example/npm/x") == f"Basic {base64.b64encode(b'ann:hunter2').decode()}"
    assert (index.certificate, index.proxy) == (Path("/c"), "http://p.example")
    assert "t0k" not in repr(index)


def test_the_environment_comes_first_and_npm_itself_last(tmp_path: Path) -> None:
    def said(_: object) -> str:
        return "https://own.example/\n"

    assert configured({}, tmp_path, tmp_path, said).addresses == ("https://own.example/",)
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/npmrc").write_text("registry=https://machine.example/\n")
    assert configured({}, tmp_path, tmp_path, said).told_by == str(tmp_path / "etc/npmrc")
    found = configured({"NPM_CONFIG_REGISTRY": "https://e.example"}, tmp_path, tmp_path, said)
    assert found.addresses == ("https://e.example",)


def test_without_npm_and_without_configuration_nothing_is_guessed(tmp_path: Path) -> None:
    for said in ("", "undefined\n"):
        with pytest.raises(LookupError, match="name it with --index"):
            configured({}, tmp_path, tmp_path, lambda _, said=said: said)  # type: ignore[misc]


def test_a_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / ".npmrc").write_bytes(b"registry=\xff\n")
    with pytest.raises(ValueError, match=r"\.npmrc: not UTF-8"):
        configured({}, tmp_path, tmp_path, lambda _: "")
