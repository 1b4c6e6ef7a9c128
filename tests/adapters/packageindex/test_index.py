from __future__ import annotations

import pytest

from muster.adapters.packageindex.index import Index, checked, shown
from muster.records.language.packages import Ecosystem


def _index(*addresses: str, **more: object) -> Index:
    return Index(Ecosystem.PYPI, addresses, "--index", **more)  # type: ignore[arg-type]


def test_secrets_show_neither_in_errors_nor_in_what_is_printed_nor_in_the_fingerprint() -> None:
    secret = _index("https://ann:hunter2@mirror.example/simple/", secrets={"//mirror.example": "Bearer hunter2"})
    plain = _index("https://mirror.example/simple")
    assert "hunter2" not in repr(secret)
    assert shown(secret.addresses[0]) == "https://mirror.example/simple"
    assert secret.fingerprint == plain.fingerprint != _index("https://other.example/simple").fingerprint
    with pytest.raises(ValueError, match="use https") as refused:
        checked(_index("http://ann:hunter2@mirror.example/simple/"))
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("address", "trusted", "fine"),
    [
        ("https://mirror.example/simple", (), True),
        ("http://mirror.example/simple", (), False),
        ("http://mirror.example/simple", ("mirror.example",), True),
        ("http://mirror.example:8080/simple", ("mirror.example:8080",), True),
        ("http://127.0.0.1:3141/main/simple", (), True),
        ("http://localhost/simple", (), True),
        ("http://127.0.0.1.example/simple", (), False),
        ("file:///srv/simple", (), True),
        ("file://", (), False),
        ("ftp://mirror.example", (), False),
        ("mirror.example/simple", (), False),
    ],
)
def test_only_addresses_that_nobody_on_the_way_can_speak_for_are_asked(
    address: str, trusted: tuple[str, ...], fine: bool
) -> None:
    index = _index(address, trusted=trusted)
    if fine:
        assert checked(index) is index
    else:
        with pytest.raises(ValueError, match="--index: "):
            checked(index)


def test_a_secret_goes_only_to_the_address_that_it_is_for() -> None:
    secrets = {"//a.example/npm/": "Bearer one", "//a.example/npm/private/": "Bearer two"}
    index = _index("https://a.example/npm", secrets=secrets)
    assert index.authorization("https://a.example/npm/left-pad") == "Bearer one"
    assert index.authorization("https://a.example/npm/private/x") == "Bearer two"
    for other in (
        "https://a.example/npmx",
        "https://b.example/npm/x",
        "https://a.example.evil/npm/x",
        "https://a.example/",
    ):
        assert index.authorization(other) == ""


def test_scopes_have_registries_of_their_own() -> None:
    index = _index("https://a.example", scopes={"@acme": "https://acme.example"})
    assert index.address_of("@acme/tool") == "https://acme.example"
    assert index.address_of("@other/tool") == index.address_of("acme") == "https://a.example"
