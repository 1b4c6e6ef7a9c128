from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.api.entrance.site import Site, cookie_of, form_token, local_path, site_at, token_holds


def test_with_tls_cookies_go_over_tls_only_and_belong_to_this_host() -> None:
    site = site_at("https://muster.bank.example")
    assert (site.secure, site.session, site.visit) == (True, "__Host-muster-session", "__Host-muster-visit")
    assert site.cookie(site.session, "v", 60) == (
        "__Host-muster-session=v; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure"
    )


def test_without_tls_they_are_not_marked_so_for_no_browser_would_send_them() -> None:
    site = site_at("http://127.0.0.1:8400", "127.0.0.1", 8400)
    assert site.cookie(site.session, "v") == "muster-session=v; Path=/; HttpOnly; SameSite=Lax"


def test_this_machine_has_several_names_and_others_have_one() -> None:
    here = site_at("http://127.0.0.1:8400", "127.0.0.1", 8400)
    assert all(here.host_known(f"{name}:8400") for name in ("127.0.0.1", "localhost", "[::1]", "LOCALHOST"))
    assert here.ours("http://localhost:8400")
    there = site_at("https://muster.bank.example", "10.0.0.1", 443)
    assert there.host_known("muster.bank.example")
    for host in ("10.0.0.1", "localhost:443", "muster.bank.example.evil.example", ""):
        assert not there.host_known(host)
    assert not there.ours("http://muster.bank.example")


@pytest.mark.parametrize("url", ["muster.bank.example", "ftp://x", "https://", "https://a/path", "https://u:p@a"])
def test_a_public_address_is_an_origin(url: str) -> None:
    with pytest.raises(ValueError, match="public_url"):
        site_at(url)


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("muster-session=abc", "abc"),
        ("a=1; muster-session=abc; b=2", "abc"),
        ("", ""),
        ("other=1", ""),
        ("xmuster-session=abc", ""),
        ("muster-session=abc; muster-session=def", ""),
        ("muster-session=abc;muster-session=def", ""),
    ],
)
def test_one_cookie_is_read_and_of_two_none(header: str, value: str) -> None:
    assert cookie_of(header, "muster-session") == value


def test_the_token_of_a_form_belongs_to_one_cookie() -> None:
    assert token_holds("a", form_token("a"))
    assert not token_holds("a", form_token("b"))
    assert not token_holds("a", "")
    assert not token_holds("", form_token(""))


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/a\r\nset-cookie: x=1",
        "/\t/evil.example",
        "/ /evil.example",
        "",
        "a",
        "///evil.example",
        "/ä",
    ],
)
def test_nobody_is_sent_elsewhere(path: str) -> None:
    assert local_path(path) == "/"


@pytest.mark.parametrize("path", ["/", "/password", "/version/sha256:ab?tab=2&x=%20#here"])
def test_paths_of_ours_are_kept(path: str) -> None:
    assert local_path(path) == path


@given(st.text(max_size=60))
def test_whatever_is_asked_for_is_a_path_of_ours(path: str) -> None:
    kept = local_path(path)
    assert kept.startswith("/")
    assert not kept.startswith(("//", "/\\"))
    assert kept.isascii()
    assert kept.isprintable()


def test_without_an_address_any_host_will_do_and_no_page_is_ours() -> None:
    assert Site().host_known("testserver")
    assert not Site().ours("http://testserver")
    assert not Site().ours("")
