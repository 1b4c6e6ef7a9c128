from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from joserfc.jwk import OctKey, RSAKey
from tests.servers.provider import pass_through, provider
from tests.servers.rogue import CLIENT, Rogue, rogue

from muster.adapters.oidc import OidcProvider, Registration
from muster.ports.directory import Claims, Journey

BACK = "http://127.0.0.1:9/sign-in/return"
ZOE = {"name": "Zoe Martin", "email": "zoe@bank.example", "groups": ["risk", "staff"]}

pytestmark = pytest.mark.enable_socket


@pytest.fixture(scope="module")
def real() -> Iterator[str]:
    with provider(BACK, {"zoe": ZOE}) as issuer:
        yield issuer


@pytest.fixture
def lying() -> Iterator[Rogue]:
    with rogue() as state:
        yield state


def begun(lying: Rogue, **settings: Any) -> tuple[OidcProvider, Journey, str]:
    ours = OidcProvider(Registration(lying.issuer, CLIENT, **settings))
    journey = ours.depart(BACK)
    lying.nonce = journey.nonce
    return ours, journey, urlencode({"code": "c", "state": journey.state})


@pytest.mark.oidc
@pytest.mark.parametrize("client", ["muster", "muster-es"])
def test_a_real_provider_is_believed(real: str, client: str) -> None:
    secret = "a secret of the tests" if client == "muster" else ""
    ours = OidcProvider(Registration(real, client, secret))
    journey = ours.depart(BACK)
    asked = parse_qs(urlsplit(journey.url).query)
    assert (asked["code_challenge_method"], asked["response_type"]) == (["S256"], ["code"])
    came = urlsplit(pass_through(journey.url, BACK, "zoe")).query
    assert ours.arrive(journey, BACK, came) == Claims(real, "zoe", "Zoe Martin", "zoe@bank.example", ("risk", "staff"))
    with pytest.raises(PermissionError, match="invalid_grant"):
        ours.arrive(journey, BACK, came)


@pytest.mark.oidc
def test_a_real_provider_refuses_a_code_without_its_verifier(real: str) -> None:
    ours = OidcProvider(Registration(real, "muster", "a secret of the tests"))
    journey = ours.depart(BACK)
    came = urlsplit(pass_through(journey.url, BACK, "zoe")).query
    with pytest.raises(PermissionError, match="invalid_grant"):
        ours.arrive(replace(journey, verifier="x" * 43), BACK, came)


@pytest.mark.oidc
def test_a_real_provider_refuses_a_wrong_secret(real: str) -> None:
    ours = OidcProvider(Registration(real, "muster", "guessed"))
    journey = ours.depart(BACK)
    came = urlsplit(pass_through(journey.url, BACK, "zoe")).query
    with pytest.raises(PermissionError, match="invalid_client"):
        ours.arrive(journey, BACK, came)


def test_what_the_provider_signed_is_taken(lying: Rogue) -> None:
    ours, journey, answer = begun(lying)
    lying.claims = {"groups": ["risk"], "name": "Zoe"}
    assert ours.arrive(journey, BACK, answer) == Claims(lying.issuer, "zoe", "Zoe", "", ("risk",))


@pytest.mark.parametrize(
    ("claims", "because"),
    [
        ({"nonce": "another"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"aud": "somebody-else"}, "aud"),
        ({"aud": None}, "aud"),
        ({"aud": ["muster", "other"], "azp": "other"}, "azp"),
        ({"iss": "https://other.example"}, "iss"),
        ({"iss": None}, "iss"),
        ({"exp": 1_000_000_000}, "expired"),
        ({"exp": None}, "exp"),
        ({"iat": 9_999_999_999}, "iat|issued|future"),
        ({"sub": None}, "sub"),
        ({"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}, "at_hash"),
    ],
)
def test_a_claim_that_is_not_as_asked_signs_nobody_in(lying: Rogue, claims: dict[str, Any], because: str) -> None:
    ours, journey, answer = begun(lying)
    lying.claims = claims
    with pytest.raises(PermissionError, match=because):
        ours.arrive(journey, BACK, answer)


def written(lying: Rogue, header: dict[str, str], key: bytes = b"") -> str:
    """Write a token by hand, as no library would; signed by HMAC, if there is a key."""
    claims = {"iss": lying.issuer, "aud": CLIENT, "sub": "admin", "exp": 9_999_999_999, "iat": 1, "nonce": lying.nonce}
    text = ".".join(plain(json.dumps(part).encode()) for part in (header, claims))
    return f"{text}.{plain(hmac.digest(key, text.encode(), 'sha256')) if key else ''}"


def plain(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def test_a_token_that_nobody_signed_is_refused(lying: Rogue) -> None:
    ours, journey, answer = begun(lying)
    lying.token = written(lying, {"alg": "none"})
    with pytest.raises(PermissionError, match="does not hold"):
        ours.arrive(journey, BACK, answer)


def test_a_token_signed_with_the_public_key_as_a_secret_is_refused(lying: Rogue) -> None:
    ours, journey, answer = begun(lying)
    lying.token = written(lying, {"alg": "HS256", "kid": "r"}, lying.rsa.as_pem(private=False))
    with pytest.raises(PermissionError, match="does not hold"):
        ours.arrive(journey, BACK, answer)


def test_a_token_signed_with_the_clients_secret_is_refused(lying: Rogue) -> None:
    ours, journey, answer = begun(lying, secret="a secret that is long enough for HS256")
    lying.token = lying.signed("HS256", OctKey.import_key("a secret that is long enough for HS256"))
    with pytest.raises(PermissionError, match="does not hold"):
        ours.arrive(journey, BACK, answer)


def test_a_token_signed_by_another_key_is_refused(lying: Rogue) -> None:
    ours, journey, answer = begun(lying)
    stranger = RSAKey.generate_key(2048, {"kid": "r"})
    for header in ({"kid": "r"}, {"kid": "unknown"}, {}):
        lying.token = lying.signed("RS256", stranger, header)
        with pytest.raises(PermissionError, match="does not hold"):
            ours.arrive(journey, BACK, answer)


def test_keys_that_were_changed_are_read_again(lying: Rogue) -> None:
    ours, journey, answer = begun(lying)
    ours.arrive(journey, BACK, answer)
    lying.rsa = RSAKey.generate_key(2048, {"kid": "new", "use": "sig", "alg": "RS256"})
    lying.token = lying.signed("RS256", lying.rsa, {"kid": "new"})
    assert ours.arrive(journey, BACK, answer).subject == "zoe"
    assert lying.asked.count("/keys") == 2
    assert lying.asked.count("/.well-known/openid-configuration") == 1, "documents are kept for an hour"


@pytest.mark.parametrize(
    ("answer", "because"),
    [
        ({"code": "c"}, "another sign-in"),
        ({"code": "c", "state": "guessed"}, "another sign-in"),
        ({"code": "c", "iss": "https://other.example"}, "another identity provider"),
        ({"error": "access_denied"}, "access_denied"),
        ({}, "no code"),
    ],
)
def test_what_comes_back_must_belong_to_the_journey(lying: Rogue, answer: dict[str, str], because: str) -> None:
    ours, journey, _ = begun(lying)
    given = {"state": journey.state, **answer} if because != "another sign-in" else answer
    with pytest.raises(PermissionError, match=because):
        ours.arrive(journey, BACK, urlencode(given))
    assert "/token" not in lying.asked, "no code is redeemed for it"


def test_every_journey_has_secrets_of_its_own(lying: Rogue) -> None:
    journeys = [begun(lying)[1] for _ in range(2)]
    assert len({value for each in journeys for value in (each.state, each.nonce, each.verifier)}) == 6
    assert all(len(each.verifier) >= 43 for each in journeys)


def test_a_provider_that_is_not_who_it_says_is_an_error(lying: Rogue) -> None:
    lying.discovery = {"issuer": "https://other.example"}
    with pytest.raises(ConnectionError, match="says that it is 'https://other.example'"):
        begun(lying)
    lying.discovery = {"token_endpoint": "ftp://x"}
    with pytest.raises(ConnectionError, match="no usable token_endpoint"):
        begun(lying)


def test_a_provider_that_does_not_answer_is_an_error() -> None:
    ours = OidcProvider(Registration("http://127.0.0.1:9", CLIENT))
    with pytest.raises(ConnectionError, match="cannot be asked"):
        ours.depart(BACK)


def test_over_plain_http_only_this_machine_is_believed() -> None:
    with pytest.raises(ValueError, match="must begin with https"):
        OidcProvider(Registration("http://idp.example", CLIENT))
