"""Private keys: made here, kept here, never sent anywhere."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from muster.cli.local.asking import ask_secret, new_passphrase
from muster.cli.local.registry import local
from muster.cli.session import Session
from muster.cli.show import show
from muster.lifecycle.desk.roots import RootChain
from muster.records.codec import encode
from muster.records.trust import Duty

_Duty = Annotated[str, typer.Option(metavar="DUTY", help="What it is to sign: " + ", ".join(Duty))]
_Actor = Annotated[str, typer.Option(metavar="ACTOR", help="For an approver or a root key: whose key it is.")]
_Name = Annotated[str, typer.Option(metavar="NAME", help="For a witness or a gateway: the name it signs under.")]
_Where = Annotated[
    str, typer.Argument(metavar="KEY", help="A private key: a file, or a URI such as hsm:... or awskms:...")
]


@local("key new")
def new(
    session: Session,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where the private key goes; it must not exist.")],
    duty: _Duty = Duty.APPROVER,
    actor: _Actor = "",
    name: _Name = "",
    passphrase: Annotated[
        bool | None,
        typer.Option("--passphrase/--no-passphrase", help="Encrypt it; by default where there is a terminal to ask."),
    ] = None,
) -> int:
    """Make a private key in a file that only you can read, and show its public half.

    A key may sign nothing until the holders of the root keys grant it a duty. An approver hands it in with muster key
    offer; other keys are granted by muster trust draft or muster trust enrol.
    """
    from muster.wiring.keyring import new_key

    _require_owner(duty, actor)
    asks = sys.stdin.isatty() if passphrase is None else passphrase
    words = new_passphrase() if asks else None
    return show(new_key(file, Duty(duty), actor, words, name), session)


@local("key show")
def show_key(
    session: Session,
    key: _Where,
    duty: _Duty = Duty.APPROVER,
    actor: _Actor = "",
    name: _Name = "",
) -> int:
    """Show the public half of a private key, in a file or a device: what muster trust enrol takes, with --json."""
    from muster.wiring.keyring import read_key

    _require_owner(duty, actor)
    return show(read_key(key, Duty(duty), actor, name=name, ask=ask_secret), session)


@local("key offer")
def offer(session: Session, key: _Where, actor: _Actor = "") -> int:
    """Hand in the public half of your key, with the proof that you hold the private one.

    It counts once another person has enrolled it (muster trust enrol --offer): read its id to them from your screen.
    """
    from muster.wiring.keyring import load_signer, require_fit
    from muster.wiring.signing import offer_of

    owner = actor or session.settings.actor
    if not owner:
        msg = "--actor: say who you are, as the control plane knows you; the proof is for you alone"
        raise ValueError(msg)
    signer = load_signer(key, ask=ask_secret)
    require_fit(signer.key, Duty.APPROVER, key)
    chain: RootChain = session.call("trust show", {})
    made = offer_of(owner, chain.current.origin, signer)
    return show(session.call("key submit", {"public": encode(made.key), "proof": made.proof}), session)


def _require_owner(duty: str, actor: str) -> None:
    if duty not in set(Duty):
        msg = f"--duty: {duty!r} is none of {', '.join(Duty)}"
        raise ValueError(msg)
    if duty == Duty.APPROVER and not actor:
        msg = "--actor: say whose key it is; an approver key names its actor"
        raise ValueError(msg)
