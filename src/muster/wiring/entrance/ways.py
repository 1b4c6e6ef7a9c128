"""Ways, bound to what the settings name."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from muster.lifecycle.entrance.ways import Ways
from muster.ports.directory import Provider
from muster.records.people import Role
from muster.settings import Settings


def ways_of(settings: Settings) -> Ways:
    """Return by what ways people come in.

    Raises
    ------
    ValueError
        If a setting cannot be used, with its name.
    OSError
        If a file that a setting names cannot be read.
    """
    for name in ("session_idle_minutes", "session_hours"):
        if getattr(settings, name) <= 0:
            msg = f"{name} is {getattr(settings, name):g}: a session lives for some time, or nobody could sign in"
            raise ValueError(msg)
    from muster.adapters.passwords import Argon2

    return Ways(
        passwords=Argon2() if settings.passwords else None,
        provider=_provider(settings) if settings.oidc_issuer else None,
        groups=_groups(settings.oidc_roles),
        join=settings.oidc_join,
        idle=timedelta(minutes=settings.session_idle_minutes),
        life=timedelta(hours=settings.session_hours),
    )


def _provider(settings: Settings) -> Provider:
    from muster.adapters.oidc import OidcProvider, Registration

    if not settings.oidc_client:
        msg = "oidc_client: say under which name the identity provider knows this house"
        raise ValueError(msg)
    secret = _secret(settings.oidc_secret) if settings.oidc_secret else ""
    known = Registration(settings.oidc_issuer, settings.oidc_client, secret, settings.oidc_scope, settings.oidc_groups)
    trusted = ssl.create_default_context(cafile=str(settings.tls_authority)) if settings.tls_authority else None
    return OidcProvider(known, trusted)


def _secret(path: Path) -> str:
    secret = path.read_text(encoding="utf-8").strip()
    if not secret:
        msg = f"oidc_secret: {path} is empty: put the secret of this house at the identity provider there"
        raise ValueError(msg)
    return secret


def _groups(listed: tuple[str, ...]) -> Mapping[str, Role]:
    found = {}
    for item in listed:
        group, sign, role = item.rpartition("=")
        if not sign or not group or role not in set(Role):
            msg = f"oidc_roles: {item!r} is not GROUP=ROLE with one of the roles {', '.join(Role)}"
            raise ValueError(msg)
        found[group] = Role(role)
    return found
