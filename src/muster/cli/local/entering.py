"""Entering: this command line signs in at a control plane, and out again."""

from __future__ import annotations

import getpass
import sys
from typing import Annotated
from urllib.parse import parse_qs, urlsplit

import typer

from muster.cli.local.registry import local
from muster.cli.session import Session
from muster.cli.show import show


@local("sign-in")
def sign_in(
    session: Session,
    actor: Annotated[str, typer.Argument(metavar="[ACTOR]", help="Who you are there; asked for if not given.")] = "",
    link: Annotated[str, typer.Option(metavar="LINK", help="One-time link or code, instead of a password.")] = "",
) -> int:
    """Sign in at the control plane named by --url, and keep what it gives in a file that only you can read.

    From then on commands with that --url (or MUSTER_URL) act as you, until you sign out or the session ends. Where
    people sign in at an identity provider: sign in with the browser, and take a code for the command line there.
    """
    from muster.wiring.entrance.terminal import sign_in as enter

    _require_url(session, "sign-in")
    if link:
        return show(enter(session.settings, link=_secret_in(link)), session)
    if not sys.stdin.isatty():
        msg = "nobody is at the terminal to type a password: use --link, or set MUSTER_TOKEN to a token of yours"
        raise ValueError(msg)
    who = actor or typer.prompt("actor")
    words = getpass.getpass(f"password of {who} at {session.settings.url}: ")
    return show(enter(session.settings, actor=who, password=words), session)


@local("sign-out")
def sign_out(session: Session) -> int:
    """End the session of this command line at the control plane named by --url, and forget its token."""
    from muster.wiring.entrance.terminal import sign_out as leave

    _require_url(session, "sign-out")
    ended = leave(session.settings)
    session.screen.print("signed out" if ended else "you were not signed in there", markup=False)
    return 0


def _require_url(session: Session, command: str) -> None:
    if not session.settings.url:
        msg = f"say where: muster {command} --url https://HOST, or set MUSTER_URL. Without a control plane, use --as"
        raise ValueError(msg)


def _secret_in(link: str) -> str:
    """Return the secret in what somebody pasted: a whole link, or only its end."""
    return parse_qs(urlsplit(link).query).get("link", [link])[0]
