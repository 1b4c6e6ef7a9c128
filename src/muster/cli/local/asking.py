"""Asking the person at the terminal: yes or no, a signature, and passphrases of private keys."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterable

import typer

from muster.cli.printable import printable
from muster.cli.session import Session


def confirm(question: str) -> bool:
    """Ask a question of yes or no; raise ValueError where nobody is there to answer."""
    if not sys.stdin.isatty():
        msg = f"nobody is at the terminal to answer {question!r}, so nothing was done: answer beforehand with --yes"
        raise ValueError(msg)
    return typer.confirm(question)


def sign_when_read(session: Session, words: Iterable[str], statement: bytes, key: str, *, yes: bool) -> str:
    """Show what a statement says, ask, and return the signed envelope; empty where the person does not want to.

    Parameters
    ----------
    words
        What is shown, one text below the other.
    key
        Private key: a file, or a URI.
    yes
        Whether the person has agreed beforehand.
    """
    from muster.wiring.signing import sign_statement

    for text in words:
        session.screen.print(printable(text), markup=False)
    if not yes and not confirm("Sign it?"):
        print("nothing was signed")
        return ""
    return sign_statement(statement, key, ask=ask_secret)


def ask_secret(secret: str) -> str:
    """Ask for a passphrase or PIN by its name; raise ValueError where nobody answers."""
    try:
        return getpass.getpass(f"{secret}: ")
    except EOFError:
        msg = f"nobody gave the {secret}: nothing was done"
        raise ValueError(msg) from None


def new_passphrase() -> bytes:
    """Ask for a passphrase twice; raise ValueError where there is none, or they differ."""
    words = getpass.getpass("passphrase: ")
    if not words or words != getpass.getpass("once more: "):
        msg = "no passphrase, or not the same twice: no key was made"
        raise ValueError(msg)
    return words.encode()
