"""OpenID Connect: discovery, authorisation code with PKCE, and an ID token of which every claim is checked."""

from __future__ import annotations

import json
import secrets
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from muster.ports.directory import Claims, Journey
from muster.rules.address import loopback

ALGORITHMS = ("RS256", "ES256")
"""Signatures of ID tokens that are taken; never ``none``, and never one whose key is the client's secret."""

PATIENCE_SECONDS = 10.0
LEEWAY_SECONDS = 30
"""How far the clocks of two houses may be apart."""

KEPT_SECONDS = 3600.0
"""How long the provider's documents are believed before they are read again."""

LARGEST = 1024 * 1024
"""Bytes of an answer of the provider."""


@dataclass(frozen=True, slots=True)
class Registration:
    """How this house is known at the provider."""

    issuer: str
    client: str
    secret: str = ""
    """Empty for a public client, which has PKCE alone."""
    scope: str = "openid profile email"
    groups_claim: str = "groups"


class OidcProvider:
    """One provider.

    Parameters
    ----------
    registration
        How this house is known there. The issuer is an https address; plain http is taken on this machine only.
    tls
        Whom to trust for https, if not the authorities of the system.
    clock
        Seconds that only go up.
    """

    def __init__(
        self,
        registration: Registration,
        tls: ssl.SSLContext | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        parts = urlsplit(registration.issuer)
        here = loopback(parts.hostname or "")
        if parts.scheme != "https" and not (parts.scheme == "http" and here):
            msg = (
                f"oidc_issuer {registration.issuer!r}: it must begin with https://, or anybody on the way could answer"
            )
            raise ValueError(msg)
        self._known = registration
        self._clock = clock
        self._sending = {"timeout": PATIENCE_SECONDS, "trust_env": not here, "verify": tls or True}
        self._read: dict[str, tuple[float, Mapping[str, Any]]] = {}

    def depart(self, redirect: str) -> Journey:
        """Begin a sign-in; the code challenge is S256 (RFC 7636)."""
        found = self._discovered()
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        with self._client(redirect) as client:
            url, _ = client.create_authorization_url(
                found["authorization_endpoint"], state=state, code_verifier=verifier, nonce=nonce
            )
        return Journey(url, state, nonce, verifier)

    def arrive(self, journey: Journey, redirect: str, answer: str) -> Claims:
        """Redeem the code and check the ID token: signature, issuer, audience, nonce, expiry."""
        self._require_ours(journey, answer)
        found = self._discovered()
        try:
            with self._client(redirect) as client:
                token = client.fetch_token(
                    found["token_endpoint"],
                    authorization_response=f"{redirect}?{answer}",
                    state=journey.state,
                    code_verifier=journey.verifier,
                )
            claims = self._verified(str(token.get("id_token", "")), journey, str(token.get("access_token", "")))
        except OAuthError as error:
            msg = f"the identity provider refused: {error.error}. Begin the sign-in again"
            raise PermissionError(msg) from None
        except (JoseError, ValueError, TypeError, KeyError) as error:
            msg = f"what the identity provider answered does not hold ({error}): nobody was signed in"
            raise PermissionError(msg) from None
        except httpx2.HTTPError as error:
            msg = f"the identity provider cannot be reached ({error}): try again, or sign in with a password"
            raise ConnectionError(msg) from None
        return self._said(claims)

    def _require_ours(self, journey: Journey, answer: str) -> None:
        given = {name: values[-1] for name, values in parse_qs(answer).items()}
        if not secrets.compare_digest(given.get("state", "").encode(), journey.state.encode()):
            msg = "what came back belongs to another sign-in (state): begin again at the sign-in page"
            raise PermissionError(msg)
        # RFC 9207: where the answer names its issuer, it must be ours, or another provider was mixed in.
        if given.get("iss", self._known.issuer) != self._known.issuer:
            msg = "what came back was sent by another identity provider (iss): begin again at the sign-in page"
            raise PermissionError(msg)
        if "error" in given or "code" not in given:
            msg = f"the identity provider refused: {given.get('error', 'no code')[:60]!r}. Begin the sign-in again"
            raise PermissionError(msg)

    def _verified(self, raw: str, journey: Journey, access: str) -> Mapping[str, Any]:
        allowed = JWSRegistry(algorithms=list(ALGORITHMS))
        try:
            token = jwt.decode(raw, self._keys(), registry=allowed)
        except InvalidKeyIdError:  # the provider has changed its keys since we read them
            token = jwt.decode(raw, self._keys(again=True), registry=allowed)
        claims = CodeIDToken(
            token.claims,
            token.header,
            {"iss": {"essential": True, "value": self._known.issuer}, "aud": {"value": self._known.client}},
            {"nonce": journey.nonce, "client_id": self._known.client, "access_token": access},
        )
        claims.validate(leeway=LEEWAY_SECONDS)
        return cast("Mapping[str, Any]", claims)

    def _keys(self, *, again: bool = False) -> KeySet:
        """Return the provider's keys, as they were read last or anew."""
        address = str(self._discovered()["jwks_uri"])
        if again:
            self._read.pop(address, None)
        return KeySet.import_key_set(cast("Any", self._document(address)))

    def _said(self, claims: Mapping[str, Any]) -> Claims:
        groups = claims.get(self._known.groups_claim, ())
        listed = groups if isinstance(groups, list) else ()
        return Claims(
            self._known.issuer,
            str(claims["sub"]),
            str(claims.get("name", "")),
            str(claims.get("email", "")),
            tuple(group for group in listed if isinstance(group, str)),
        )

    def _discovered(self) -> Mapping[str, Any]:
        found = self._document(f"{self._known.issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != self._known.issuer:
            said = found.get("issuer")
            msg = f"{self._known.issuer} says that it is {said!r}: set oidc_issuer to what it says, exactly"
            raise ConnectionError(msg)
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if urlsplit(str(found.get(name, ""))).scheme not in {"https", urlsplit(self._known.issuer).scheme}:
                msg = f"{self._known.issuer} names no usable {name}: ask whoever runs the identity provider"
                raise ConnectionError(msg)
        return found

    def _document(self, address: str) -> Mapping[str, Any]:
        read_at, document = self._read.get(address, (float("-inf"), {}))
        if self._clock() - read_at < KEPT_SECONDS:
            return document
        try:
            answer = httpx2.get(address, follow_redirects=False, **self._sending)  # type: ignore[arg-type]
            answer.raise_for_status()
            document = json.loads(answer.content[:LARGEST])
        except (httpx2.HTTPError, ValueError) as error:
            msg = f"the identity provider cannot be asked ({error}): try again, or sign in with a password"
            raise ConnectionError(msg) from None
        self._read[address] = self._clock(), document
        return cast("Mapping[str, Any]", document)

    def _client(self, redirect: str) -> Any:
        return OAuth2Client(
            client_id=self._known.client,
            client_secret=self._known.secret or None,
            token_endpoint_auth_method="client_secret_basic" if self._known.secret else "none",
            scope=self._known.scope,
            redirect_uri=redirect,
            code_challenge_method="S256",
            **self._sending,
        )
