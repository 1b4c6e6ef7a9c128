"""Tokens of this command line: what it got at sign-in, for each control plane, in a file that only its owner reads."""

from __future__ import annotations

import json
import os
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit


def token_file(environment: Mapping[str, str] | None = None) -> Path:
    """Return where the tokens are kept: ``muster/sessions.json`` in the user's folder for settings (XDG)."""
    known = os.environ if environment is None else environment
    folder = known.get("XDG_CONFIG_HOME") or Path(known.get("HOME") or Path.home()) / ".config"
    return Path(folder) / "muster" / "sessions.json"


def kept_token(url: str, file: Path | None = None) -> str:
    """Return the token for a control plane; empty where there is none.

    Raises
    ------
    PermissionError
        If others can read or write the file: then it may be known to them, or not be ours.
    ValueError
        If the file is damaged.
    """
    return _read(file or token_file()).get(_key(url), "")


def keep_token(url: str, token: str, file: Path | None = None) -> Path:
    """Keep the token for a control plane, or forget it if it is empty; return the file."""
    path = file or token_file()
    tokens = {**_read(path), _key(url): token}
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, draft = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # made with mode 0600
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as written:
            json.dump({key: kept for key, kept in tokens.items() if kept}, written, indent=2)
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    return path


def _read(path: Path) -> dict[str, str]:
    try:
        status = path.stat()
        if status.st_uid != os.getuid() or stat.S_IMODE(status.st_mode) & 0o077:
            msg = f"{path} can be read or written by others: sign in again after `chmod 600 {path}`, or remove it"
            raise PermissionError(msg)
        tokens = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except json.JSONDecodeError as error:
        msg = f"{path} is damaged ({error}): remove it and sign in again"
        raise ValueError(msg) from None
    if not isinstance(tokens, dict) or not all(isinstance(token, str) for token in tokens.values()):
        msg = f"{path} is damaged: remove it and sign in again"
        raise ValueError(msg)
    return tokens


def _key(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme.lower()}://{parts.netloc.lower()}"
