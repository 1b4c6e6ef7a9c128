"""The registry of npm packages that npm is configured to use, and those of single scopes.

As for pip, the file of the folder that one happens to work in is not read.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from pathlib import Path

from muster.adapters.packageindex.index import Index, checked
from muster.adapters.packageindex.pip import Ask, printed
from muster.records.language.packages import Ecosystem

_VARIABLE = re.compile(r"\$\{([^}]+)\}")
_REGISTRY = "npm_config_registry"


def configured(environment: Mapping[str, str], home: Path, root: Path = Path("/"), ask: Ask | None = None) -> Index:
    """Return the registry that npm would install from.

    Parameters and errors are those of :func:`muster.adapters.packageindex.pip.configured`.
    """
    lower = {name.lower(): value for name, value in environment.items()}
    places = (
        root / "etc/npmrc",
        root / "usr/etc/npmrc",
        root / "usr/local/etc/npmrc",
        Path(lower.get("npm_config_globalconfig") or root / "etc/npmrc"),
        Path(lower.get("npm_config_userconfig") or home / ".npmrc"),
    )
    options: dict[str, str] = {}
    told_by = ""
    for path in places:
        found = _options(path, environment)
        told_by = str(path) if "registry" in found else told_by
        options |= found
    if lower.get(_REGISTRY):
        options["registry"], told_by = lower[_REGISTRY], _REGISTRY
    if not options.get("registry"):
        options["registry"] = (ask or printed)(("npm", "config", "get", "registry")).strip()
        told_by = "npm config get registry"
    if options["registry"] in {"", "undefined", "null"}:
        msg = "no registry of npm packages is configured, and npm is not here to say its own: name it with --index"
        raise LookupError(msg)
    scopes = {key.removesuffix(":registry"): value for key, value in options.items() if _is_scope(key)}
    certificate = _set(options, "cafile") or environment.get("SSL_CERT_FILE", "")
    return checked(
        Index(
            Ecosystem.NPM,
            (options["registry"],),
            told_by,
            Path(certificate) if certificate else None,
            proxy=_set(options, "https-proxy") or _set(options, "proxy"),
            scopes=scopes,
            secrets=_secrets(options),
        )
    )


def _set(options: Mapping[str, str], name: str) -> str:
    """Return an option that somebody set."""
    value = options.get(name, "")
    return "" if value in {"null", "undefined"} else value


def _options(path: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Read an npmrc: ``key = value`` lines, in which ``${NAME}`` stands for a variable of the environment."""
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except UnicodeDecodeError as error:
        msg = f"{path}: not UTF-8 ({error.reason})"
        raise ValueError(msg) from None
    found = {}
    for line in text.splitlines():
        key, equals, value = line.strip().partition("=")
        if equals and key[:1] not in {"#", ";", ""}:
            plain = value.strip().strip("\"'")
            found[key.strip()] = _VARIABLE.sub(lambda name: environment.get(name[1], name[0]), plain)
    return found


def _is_scope(key: str) -> bool:
    return key.startswith("@") and key.endswith(":registry")


def _secrets(options: Mapping[str, str]) -> dict[str, str]:
    """Return what to send to which addresses: ``//host/path/:_authToken``, ``:_auth``, or user name and password."""
    found = {}
    for key, value in options.items():
        place, _, kind = key.rpartition(":")
        if not place.startswith("//"):
            continue
        if kind == "_authToken":
            found[place] = f"Bearer {value}"
        elif kind == "_auth":
            found.setdefault(place, f"Basic {value}")
        elif kind == "_password" and f"{place}:username" in options:
            password = base64.b64decode(value, validate=False)
            pair = options[f"{place}:username"].encode() + b":" + password
            found.setdefault(place, f"Basic {base64.b64encode(pair).decode()}")
    return found
