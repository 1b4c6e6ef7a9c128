"""An identity provider that lies as a test tells it to: discovery, keys and tokens over real HTTP on this machine."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey
from joserfc.jws import JWSRegistry
from tests.servers.running import JSON, Answer, Asked, listening

CLIENT = "muster"


@dataclass
class Rogue:
    """What the provider says; a test changes it."""

    issuer: str = ""
    rsa: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "r", "use": "sig", "alg": "RS256"}))
    ec: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "e", "use": "sig", "alg": "ES256"}))
    discovery: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    """Changes of what the ID token claims; None takes a claim away."""
    token: str = ""
    """Sent instead of a signed token."""
    asked: list[str] = field(default_factory=list)
    nonce: str = ""

    def document(self) -> dict[str, Any]:
        told = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/auth",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }
        return {**told, **self.discovery}

    def id_token(self) -> str:
        if self.token:
            return self.token
        return self.signed("RS256", self.rsa, {"kid": "r"})

    def signed(self, algorithm: str, key: RSAKey | ECKey | OctKey, header: dict[str, Any] | None = None) -> str:
        now = int(time.time())
        usual = {"iss": self.issuer, "aud": CLIENT, "sub": "zoe", "iat": now, "exp": now + 60, "nonce": self.nonce}
        claims = {name: value for name, value in {**usual, **self.claims}.items() if value is not None}
        registry = JWSRegistry(algorithms=[algorithm])
        return jwt.encode({"alg": algorithm, **(header or {})}, claims, key, registry=registry)

    def keys(self) -> dict[str, Any]:
        return {"keys": [self.rsa.as_dict(private=False), self.ec.as_dict(private=False)]}

    def answer(self, path: str) -> dict[str, Any] | None:
        self.asked.append(path)
        if path == "/.well-known/openid-configuration":
            return self.document()
        if path == "/keys":
            return self.keys()
        if path == "/token":
            return {"access_token": "a", "token_type": "Bearer", "id_token": self.id_token()}
        return None


@contextmanager
def rogue() -> Iterator[Rogue]:
    """Run such a provider."""
    state = Rogue()

    def answer(asked: Asked) -> Answer:
        said = state.answer(asked.path)
        return 200 if said is not None else 404, JSON, json.dumps(said).encode()

    with listening(answer) as state.issuer:
        yield state
