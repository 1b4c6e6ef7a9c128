from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.servers.plane import link_of, plane

from muster.settings import Settings
from muster.wiring.carried.tokens import kept_token, token_file
from muster.wiring.entrance.terminal import sign_in, sign_out
from muster.wiring.remote.client import connect

if TYPE_CHECKING:
    from tests.conftest import Founded

pytestmark = pytest.mark.enable_socket


@pytest.fixture(autouse=True)
def _config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def code_of(founded: Founded, actor: str) -> str:
    return link_of(founded.settings, actor).partition("link=")[2]


def test_a_command_line_signs_in_and_out(founded: Founded) -> None:
    with plane(founded.settings) as url:
        settings = Settings(url=url)
        told = sign_in(settings, link=code_of(founded, "ana"))
        assert (told.url, told.actor, told.hours, told.file) == (url, "ana", 12.0, str(token_file()))
        kept = kept_token(url)
        assert connect(settings).call("whoami", {}, lambda _: None).id == "ana"
        assert sign_out(settings)
        assert kept_token(url) == ""
        with pytest.raises(ValueError, match="muster sign-in"):
            connect(settings)
        with pytest.raises(PermissionError, match="has ended"):
            connect(replace(settings, token=kept)).call("whoami", {}, lambda _: None)
        assert not sign_out(settings)


def test_a_token_of_the_environment_comes_first(founded: Founded) -> None:
    with plane(founded.settings) as url:
        sign_in(Settings(url=url), link=code_of(founded, "ana"))
        settings = Settings(url=url, token=founded.tokens["max"])
        assert connect(settings).call("whoami", {}, lambda _: None).id == "max"


def test_a_refusal_is_said_and_nothing_is_kept(founded: Founded) -> None:
    with plane(founded.settings) as url:
        with pytest.raises(PermissionError, match="name or password is wrong"):
            sign_in(Settings(url=url), actor="ana", password="guessed")
        for _ in range(3):
            with pytest.raises(PermissionError, match=r"name or password|too often"):
                sign_in(Settings(url=url), actor="ana", password="guessed")
        assert not token_file().exists()


def test_a_session_that_is_over_is_forgotten(founded: Founded) -> None:
    with plane(founded.settings) as url:
        settings = Settings(url=url)
        sign_in(settings, link=code_of(founded, "ana"))
        client = connect(settings)
        (session,) = client.call("session list", {}, lambda _: None)
        client.call("session revoke", {"id": session.id, "reason": "test"}, lambda _: None)
        assert not sign_out(settings)
        assert kept_token(url) == ""


def test_nobody_at_home_is_said() -> None:
    with pytest.raises(ConnectionError, match="is the control plane running"):
        sign_in(Settings(url="http://127.0.0.1:9"), link="x")


def test_a_password_goes_to_no_address_without_tls() -> None:
    with pytest.raises(ValueError, match="use https"):
        sign_in(Settings(url="http://muster.bank.example"), actor="ana", password="p")
