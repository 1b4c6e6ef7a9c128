from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from muster.records.people import Role
from muster.settings import Settings
from muster.wiring.entrance.ways import ways_of

IDP = {"oidc_issuer": "https://idp.example", "oidc_client": "muster"}


def test_by_default_people_have_passwords_and_sessions_of_half_a_day() -> None:
    ways = ways_of(Settings())
    assert ways.passwords is not None
    assert (ways.provider, ways.join, dict(ways.groups)) == (None, False, {})
    assert (ways.idle, ways.life) == (timedelta(minutes=30), timedelta(hours=12))
    assert ways_of(Settings(passwords=False)).passwords is None


def test_a_provider_is_bound_with_the_secret_of_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s\n")
    ways = ways_of(Settings(**IDP, oidc_secret=secret, oidc_roles=("cn=risk,ou=x=risk-analyst", "ops=operator")))
    assert ways.provider is not None
    assert ways.groups == {"cn=risk,ou=x": Role.RISK_ANALYST, "ops": Role.OPERATOR}


@pytest.mark.parametrize(
    ("changed", "because"),
    [
        ({"session_hours": 0.0}, "session_hours is 0"),
        ({"session_idle_minutes": -1.0}, "session_idle_minutes"),
        ({"oidc_issuer": "https://idp.example"}, "oidc_client: say under which name"),
        ({**IDP, "oidc_issuer": "http://idp.example"}, "must begin with https"),
        ({"oidc_roles": ("risk",)}, "'risk' is not GROUP=ROLE"),
        ({"oidc_roles": ("risk=king",)}, "one of the roles ml-engineer"),
        ({"oidc_roles": ("=admin",)}, "is not GROUP=ROLE"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(changed: dict[str, Any], because: str) -> None:
    with pytest.raises(ValueError, match=because):
        ways_of(Settings(**changed))


def test_a_secret_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        ways_of(Settings(**IDP, oidc_secret=tmp_path / "nowhere"))
    (tmp_path / "empty").write_text(" \n")
    with pytest.raises(ValueError, match="is empty"):
        ways_of(Settings(**IDP, oidc_secret=tmp_path / "empty"))
