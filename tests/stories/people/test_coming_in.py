"""People come in over real HTTP: the first owner, a colleague by the identity provider, a command line, a thief."""

from __future__ import annotations

import json
import re
import ssl
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx2
import pytest
from tests.entered import PASSWORD, csrf
from tests.servers.certificate import certificate
from tests.servers.plane import link_of, plane
from tests.servers.provider import pass_through, provider

from muster.api.serving import take_port
from muster.cli.main import run
from muster.wiring.remote.client import Client

if TYPE_CHECKING:
    from tests.conftest import Founded

pytestmark = pytest.mark.enable_socket


def browser(url: str, verify: ssl.SSLContext | bool = True) -> httpx2.Client:
    headers = {"origin": url, "sec-fetch-site": "same-origin", "accept": "text/html"}
    return httpx2.Client(base_url=url, headers=headers, trust_env=False, verify=verify)


def set_password(page: httpx2.Client, path: str) -> httpx2.Response:
    shown = page.get(path)
    form = {"csrf": csrf(shown.text), "link": path.partition("link=")[2], "password": PASSWORD, "again": PASSWORD}
    return page.post("/enter", data=form)


def test_an_owner_comes_in_by_a_link_and_brings_the_command_line(
    founded: Founded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    with plane(founded.settings) as url, browser(url) as page:
        assert set_password(page, link_of(founded.settings, "admin")).status_code == 303
        home = page.get("/").text
        assert "<b>admin</b>" in home
        code = re.findall(r"--link ([\w-]+)<", page.post("/command-line", data={"csrf": csrf(home)}).text)[0]

        assert run(["sign-in", "--url", url, "--link", code]) == 0
        assert "token in" in capsys.readouterr().out
        assert run(["whoami", "--url", url, "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["id"] == "admin"
        assert run(["session", "list", "--url", url, "--json"]) == 0
        assert len(json.loads(capsys.readouterr().out)) == 2
        assert run(["sign-in", "--url", url, "--link", code]) == 1
        assert "not good any more" in capsys.readouterr().err

        assert run(["sign-out", "--url", url]) == 0
        assert run(["whoami", "--url", url]) == 2
        assert "muster sign-in --url" in capsys.readouterr().err
        assert page.get("/").status_code == 200, "the browser is still in"


def test_what_a_thief_has_is_worth_nothing_once_it_is_revoked(founded: Founded) -> None:
    with plane(founded.settings) as url, browser(url) as page, browser(url) as thief:
        set_password(page, link_of(founded.settings, "ana"))
        thief.cookies.set("muster-session", page.cookies["muster-session"])
        assert thief.get("/api/whoami").json()["id"] == "ana"
        admin = Client(url, founded.tokens["admin"])
        (session,) = admin.call("session list", {}, lambda _: None)
        admin.call("session revoke", {"id": session.id, "reason": "stolen"}, lambda _: None)
        for carrier in (thief, page):
            assert carrier.get("/api/whoami", headers={"accept": "application/json"}).status_code == 401


def test_headers_cannot_be_smuggled_in(founded: Founded) -> None:
    with plane(founded.settings) as url, browser(url) as page:
        set_password(page, link_of(founded.settings, "ana"))
        page.cookies.clear()
        shown = page.get("/sign-in", params={"next": "/\r\nset-cookie: a=b"})
        form = {"csrf": csrf(shown.text), "actor": "ana", "password": PASSWORD, "next": "/\r\nset-cookie: a=b"}
        answer = page.post("/sign-in", data=form)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert set(page.cookies) == {"muster-session"}


def test_with_a_certificate_everything_goes_over_tls(founded: Founded, tmp_path: Path) -> None:
    chain, key = certificate(tmp_path)
    settings = replace(founded.settings, tls_certificate=chain, tls_key=key)
    trusting = ssl.create_default_context(cafile=str(chain))
    with plane(settings) as url, browser(url, trusting) as page:
        assert url.startswith("https://127.0.0.1:")
        cookies = set_password(page, link_of(founded.settings, "ana")).headers.get_list("set-cookie")
        assert re.fullmatch(
            r"__Host-muster-session=\S{43}; Path=/; HttpOnly; SameSite=Lax; Max-Age=43200; Secure", cookies[0]
        )
        assert page.get("/").headers["strict-transport-security"]
        known = Client(url, founded.tokens["ana"], authority=chain).call("whoami", {}, lambda _: None)
        assert known.id == "ana"
        with pytest.raises(ConnectionError):
            Client(url, founded.tokens["ana"]).call("whoami", {}, lambda _: None)
        with pytest.raises(httpx2.TransportError):
            httpx2.get(url.replace("https", "http") + "/health", trust_env=False)


@pytest.mark.oidc
def test_a_colleague_comes_in_by_the_identity_provider(founded: Founded) -> None:
    people = {"zoe": {"name": "Zoe Martin", "email": "zoe@bank.example", "groups": ["ops", "risk"]}, "eve": {}}
    with closing(take_port("127.0.0.1", 0)) as listener:
        here = f"http://127.0.0.1:{listener.getsockname()[1]}"
        back = f"{here}/sign-in/return"
        with provider(back, people) as issuer:
            settings = replace(
                founded.settings,
                oidc_issuer=issuer,
                oidc_client="muster-es",
                oidc_roles=("ops=operator", "risk=risk-analyst"),
            )
            with plane(settings, listener) as url:
                _by_provider(founded, url, back)


def _by_provider(founded: Founded, url: str, back: str) -> None:
    with browser(url) as page, browser(url) as other:
        link = link_of(founded.settings, "max").partition("link=")[2]
        begun = page.get("/sign-in/provider", params={"link": link, "next": "/"})
        came = pass_through(begun.headers["location"], back, "zoe")
        assert other.get(_path(came)).status_code == 403, "another browser did not begin it"
        assert page.get(_path(came)).status_code == 403, "and by that it is gone"

        begun = page.get("/sign-in/provider", params={"link": link, "next": "/"})
        came = pass_through(begun.headers["location"], back, "zoe")
        assert page.get(_path(came)).headers["location"] == "/"
        me = page.get("/api/whoami").json()
        assert (me["id"], [held["role"] for held in me["roles"]]) == ("max", ["ml-engineer", "operator"])
        assert page.get(_path(came)).status_code == 403, "a code that was used"

        begun = other.get("/sign-in/provider")
        answer = other.get(_path(pass_through(begun.headers["location"], back, "eve")))
        assert answer.status_code == 403
        assert "ask an admin" in answer.text

        admin = Client(url, founded.tokens["admin"])
        (proposed,) = [each for each in admin.call("role list", {}, lambda _: None) if each.state == "proposed"]
        assert (proposed.actor, proposed.role) == ("max", "risk-analyst")
        entries = admin.call("ledger show", {"last": 500}, lambda _: None)
        for personal in ("Zoe Martin", "zoe@bank"):
            assert personal not in str(entries)


def _path(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"
