"""Asking the person at the terminal: yes or no, and passphrases of private keys."""

from __future__ import annotations

import getpass
import sys

import typer


def confirm(question: str) -> bool:
    """Ask a question of yes or no; raise ValueError where nobody is there to answer."""
    if not sys.stdin.isatty():
        msg = f"nobody is at the terminal to answer {question!r}, so nothing was done: answer beforehand with --yes"
        raise ValueError(msg)
    return typer.confirm(question)


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
