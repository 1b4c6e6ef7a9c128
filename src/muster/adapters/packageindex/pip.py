"""The index of Python packages that pip, or else uv, is configured to use.

Read are the environment and the files of user and machine; files of the folder that one happens to work in are not:
they come with whatever was checked out there, and would say which packages exist.
"""

from __future__ import annotations

import configparser
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from muster.adapters.packageindex.index import Index, checked
from muster.records.language.packages import Ecosystem

Ask = Callable[[Sequence[str]], str]
_PIP_DEFAULT = re.compile(r"--index-url\s.*?\(default\s+(\S+?)\)", re.DOTALL)
_UV_DEFAULT = re.compile(r"--default-index\s.*?by default:\s+<?(https?://[^\s>)]+)", re.DOTALL)
_QUESTIONS = (
    (("pip", "install", "--help"), _PIP_DEFAULT),
    ((sys.executable, "-I", "-m", "pip", "install", "--help"), _PIP_DEFAULT),
    (("uv", "pip", "install", "--help"), _UV_DEFAULT),
)
"""How a client that nobody configured is asked which index it would use."""
_TRUE = frozenset({"1", "true", "yes", "on"})


def configured(environment: Mapping[str, str], home: Path, root: Path = Path("/"), ask: Ask | None = None) -> Index:
    """Return the index that pip would install from; where nobody configured pip, that of uv; else pip's own.

    Parameters
    ----------
    environment, home, root
        Of whoever asks; files are looked for below home and root.
    ask
        Runs a command and returns what it printed; nothing where it cannot be run.

    Raises
    ------
    LookupError
        If no client is there, or indexes are switched off.
    ValueError
        If a file cannot be read, or an address is not one that can be trusted.
    """
    pip = _pip(environment, home, root)
    if pip.get("no-index", "").lower() in _TRUE:
        msg = f"{pip['told by']}: pip is told to use no index (no-index): bring a file, muster packages import FILE"
        raise LookupError(msg)
    found = pip if pip.get("index-url") else _uv(environment, home, root)
    if not found.get("index-url"):
        found = {**pip, **_defaults(ask or printed)}
    extra = found.get("extra-index-url", "").split()
    certificate = pip.get("cert") or environment.get("SSL_CERT_FILE", "")
    return checked(
        Index(
            Ecosystem.PYPI,
            (found["index-url"], *extra),
            found["told by"],
            Path(certificate) if certificate else None,
            tuple(pip.get("trusted-host", "").split()),
            pip.get("proxy", ""),
        )
    )


def printed(command: Sequence[str]) -> str:
    """Return what a command prints; nothing where it is not there or fails."""
    environment = {**os.environ, "COLUMNS": "200", "NO_COLOR": "1"}
    try:
        done = subprocess.run(  # noqa: S603 - a client's own command, without a shell
            list(command), capture_output=True, text=True, check=False, timeout=60, env=environment, cwd=Path.home()
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""


def _pip(environment: Mapping[str, str], home: Path, root: Path) -> dict[str, str]:
    """Return pip's options from files, then environment; a later one takes the place of an earlier one."""
    named = environment.get("PIP_CONFIG_FILE", "")
    places = [
        root / "etc/xdg/pip/pip.conf",
        root / "etc/pip.conf",
        home / ".pip/pip.conf",
        Path(environment.get("XDG_CONFIG_HOME") or home / ".config") / "pip/pip.conf",
        Path(sys.prefix) / "pip.conf",
    ]
    if named:
        places.append(Path(named))
    found: dict[str, str] = {}
    for path in () if named == os.devnull else places:
        options = _sections(path)
        found |= options | ({"told by": str(path)} if {"index-url", "no-index"} & options.keys() else {})
    return found | _variables(environment)


def _variables(environment: Mapping[str, str]) -> dict[str, str]:
    """Return pip's options from the environment."""
    found = {}
    for option in ("extra-index-url", "cert", "proxy", "trusted-host", "no-index", "index-url"):
        variable = f"PIP_{option.upper().replace('-', '_')}"
        if environment.get(variable):
            found[option] = environment[variable]
            found |= {"told by": variable} if option in {"index-url", "no-index"} else {}
    return found


def _sections(path: Path) -> dict[str, str]:
    """Return the options of a pip.conf that concern installing: ``[global]``, then ``[install]``."""
    reader = configparser.RawConfigParser()
    try:
        reader.read_string(path.read_text(encoding="utf-8"), str(path))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (configparser.Error, UnicodeDecodeError) as error:
        msg = f"{path}: not a configuration of pip ({str(error).splitlines()[0]})"
        raise ValueError(msg) from None
    options: dict[str, str] = {}
    for section in ("global", "install"):
        if reader.has_section(section):
            options |= {name.replace("_", "-"): value for name, value in reader.items(section)}
    return options


def _uv(environment: Mapping[str, str], home: Path, root: Path) -> dict[str, str]:
    """Return uv's indexes as pip would call them."""
    found: dict[str, str] = {}
    user = Path(environment.get("XDG_CONFIG_HOME") or home / ".config")
    for path in (root / "etc/uv/uv.toml", user / "uv/uv.toml"):
        options = dict(_of_toml(path))
        found |= options | ({"told by": str(path)} if options else {})
    for variable, option in (
        ("UV_EXTRA_INDEX_URL", "extra-index-url"),
        ("UV_INDEX", "extra-index-url"),
        ("UV_INDEX_URL", "index-url"),
        ("UV_DEFAULT_INDEX", "index-url"),
    ):
        if text := environment.get(variable):
            found |= {option: " ".join(map(_unnamed, text.split())), "told by": variable}
    return found


def _of_toml(path: Path) -> Iterator[tuple[str, str]]:
    try:
        options: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        msg = f"{path}: not TOML ({error})"
        raise ValueError(msg) from None
    extra = list(options.get("extra-index-url", ()))
    if isinstance(options.get("index-url"), str):
        yield "index-url", options["index-url"]
    for index in options.get("index", ()):
        if index.get("default"):
            yield "index-url", str(index["url"])
        elif not index.get("explicit"):
            extra.append(index["url"])
    if extra:
        yield "extra-index-url", " ".join(map(str, extra))


def _unnamed(text: str) -> str:
    """Return the address of uv's ``name=address``."""
    name, found, address = text.partition("=")
    return address if found and name.replace("-", "").replace("_", "").replace(".", "").isalnum() else text


def _defaults(ask: Ask) -> dict[str, str]:
    """Return the index that a client has without being configured."""
    for command, pattern in _QUESTIONS:
        if found := pattern.search(ask(command)):
            return {"index-url": found[1], "told by": f"{Path(command[0]).name} --help"}
    msg = (
        "no index of Python packages is configured, and neither pip nor uv is here to say theirs: name it with --index"
    )
    raise LookupError(msg)
