"""Private keys: made here, kept here, never sent anywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from muster.cli.local.asking import new_passphrase, passphrase_of
from muster.cli.local.registry import local
from muster.cli.session import Session
from muster.cli.show import show
from muster.records.trust import Duty


@local("key new")
def new(
    session: Session,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where the private key goes; it must not exist.")],
    duty: Annotated[str, typer.Option(metavar="DUTY", help="What it is to sign: " + ", ".join(Duty))] = Duty.APPROVER,
    actor: Annotated[str, typer.Option(metavar="ACTOR", help="For an approver: whose key it is.")] = "",
    passphrase: Annotated[bool, typer.Option("--passphrase", help="Ask for a passphrase to encrypt it.")] = False,
) -> int:
    """Make a private key in a file that only you can read, and show its public half.

    A key may sign nothing until the holders of the root key grant it a duty (muster trust enrol).
    """
    from muster.wiring.keyring import new_key

    _require_owner(duty, actor)
    words = new_passphrase() if passphrase else None
    return show(new_key(file, Duty(duty), actor, words), session)


@local("key show")
def show_key(
    session: Session,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A private key, as `muster key new` makes it.")],
    duty: Annotated[str, typer.Option(metavar="DUTY", help="What it is to sign: " + ", ".join(Duty))] = Duty.APPROVER,
    actor: Annotated[str, typer.Option(metavar="ACTOR", help="For an approver: whose key it is.")] = "",
) -> int:
    """Show the public half of a private key: what muster trust enrol takes, with --json."""
    from muster.wiring.keyring import read_key

    _require_owner(duty, actor)
    return show(read_key(file, Duty(duty), actor, passphrase_of(file)), session)


def _require_owner(duty: str, actor: str) -> None:
    if duty not in set(Duty):
        msg = f"--duty: {duty!r} is none of {', '.join(Duty)}"
        raise ValueError(msg)
    if duty == Duty.APPROVER and not actor:
        msg = "--actor: say whose key it is; an approver key names its actor"
        raise ValueError(msg)
