"""The trust root: what to pin, and how a key is granted its duty where the root key is kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from muster.cli.local.registry import local
from muster.cli.session import Session
from muster.cli.show import show
from muster.lifecycle.desk.roots import RootChain
from muster.records.codec import decode
from muster.records.people import Role
from muster.records.trust import Duty, KeyGrant, PublicKey


@local("trust fingerprint")
def fingerprint(session: Session) -> int:
    """Print the fingerprint of the trust root.

    Give it to gateways, and to whoever verifies dossiers, by another way than the documents themselves.
    """
    chain: RootChain = session.call("trust show", {})
    print(chain.fingerprint)
    return 0


@local("trust enrol")
def enrol(
    session: Session,
    public: Annotated[Path, typer.Argument(metavar="FILE", help="What `muster key new --json` printed.")],
    roles: Annotated[str, typer.Option(metavar="ROLES", help="For an approver: roles to sign for, with commas.")] = "",
    root_key: Annotated[Path | None, typer.Option(metavar="FILE", help="Private root key.")] = None,
) -> int:
    """Grant a key its duty: write the next trust root, sign it with the root key, and publish it.

    Run it where the root key is kept; that should be a machine without a network.
    """
    from muster.wiring.signing import grant_key

    grant = _grant(public, roles)
    chain: RootChain = session.call("trust show", {})
    document = grant_key(chain.current, grant, root_key or session.settings.keys / f"{Duty.ROOT.value}.pem")
    return show(session.call("trust publish", {"document": document}), session)


def _grant(public: Path, roles: str) -> KeyGrant:
    try:
        content = json.loads(public.read_text(encoding="utf-8"))
        duty, key = Duty(content["duty"]), decode(PublicKey, content["public"], "public")
        actor = str(content["actor"])
    except (ValueError, KeyError, TypeError) as error:
        msg = f"{public}: not a public key as `muster key new --json` prints it ({error})"
        raise ValueError(msg) from None
    named = tuple(sorted({Role(role.strip()).value for role in roles.split(",") if role.strip()}))
    if duty is Duty.APPROVER and not named:
        msg = f"--roles: say for which roles {actor!r} may sign, such as risk-analyst"
        raise ValueError(msg)
    return KeyGrant(duty, key, actor, named)
