"""Asking the person at the terminal: yes or no, and passphrases of private keys."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path

import typer

_ENCRYPTED = b"-----BEGIN ENCRYPTED PRIVATE KEY-----"
"""First line of an encrypted PKCS #8 key in PEM (RFC 7468, section 11)."""


def confirm(question: str) -> bool:
    """Ask a question of yes or no; raise ValueError where nobody is there to answer."""
    if not sys.stdin.isatty():
        msg = f"nobody is at the terminal to answer {question!r}, so nothing was done: answer beforehand with --yes"
        raise ValueError(msg)
    return typer.confirm(question)


def passphrase_of(key: Path) -> bytes | None:
    """Ask for the passphrase of a private key, if the file says that it is encrypted; raise OSError if it is gone."""
    with key.open("rb") as file:
        encrypted = file.read(len(_ENCRYPTED)) == _ENCRYPTED
    return getpass.getpass(f"passphrase of {key}: ").encode() if encrypted else None


def new_passphrase() -> bytes:
    """Ask for a passphrase twice; raise ValueError where there is none, or they differ."""
    words = getpass.getpass("passphrase: ")
    if not words or words != getpass.getpass("once more: "):
        msg = "no passphrase, or not the same twice: no key was made"
        raise ValueError(msg)
    return words.encode()
