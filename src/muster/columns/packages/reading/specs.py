"""Specifications: the name in what installers are given, such as ``requests[socks]>=2`` or ``@types/node@20``."""

from __future__ import annotations

import re

from muster.columns.packages.reference import Means, Reference
from muster.records.language.packages import Ecosystem

_PYTHON = re.compile(r"""([^\s\[\]<>=!~;@,()'"^#]+)\s*(?:\[[^\]]*\])?\s*(?:@\s*(?P<url>\S+)|(?P<rest>.*))""", re.DOTALL)
_NPM = re.compile(r"(@[^/\s@]+/[^/\s@]+|[^/\s@:]+)(?:/[^\s@]*)?(?:@(?P<version>.*))?", re.DOTALL)
_ADDRESS = re.compile(
    r"(?:git|hg|svn|bzr)\+|[a-z][a-z0-9+.-]*://|git@|(?:github|gitlab|bitbucket|gist):", re.IGNORECASE
)
_PATH = re.compile(
    r"\.{1,2}(?:$|[/\\\[])|[/\\~]|[A-Za-z]:[/\\]|file:|link:|workspace:|portal:|(?!\S*://)\S+\.(?:txt|whl|zip|toml|tgz|tar\.\w+)$"
)
_TAIL = re.compile(r"[/=:]([A-Za-z0-9][\w.-]*?)(?:\.git|\.zip|\.tar\.\w+|\.whl)?/?(?:[@#?].*)?$")
_EGG = re.compile(r"[#&]egg=([A-Za-z0-9][\w.-]*)")
_TAGS = re.compile(r"-\d[^-]*(-.*)?$")


def python(
    text: str, start: int, means: Means, ecosystem: Ecosystem = Ecosystem.PYPI, index: str = ""
) -> Reference | None:
    """Read a requirement as pip takes it; None for a path on the reader's own disk.

    Parameters
    ----------
    text, start
        The specification without quotes, and where it begins.
    index
        What the surrounding command or file says of where it comes from.
    """
    if _ADDRESS.match(text):
        return _address(text, start, means, ecosystem)
    if not text or (_PATH.match(text) and not text.startswith("...")):
        return None
    found = _PYTHON.match(text)
    if not found:
        return Reference(ecosystem, means, text, text, start, start + len(text), 0, index)
    name = found[1].rpartition("::")[2]  # conda's channel::name
    if (url := found["url"]) and not (_ADDRESS.match(url) or "/" in url):
        url = ""  # poetry's name@^1.2
    return Reference(ecosystem, means, name, text, start, start + len(text), 0, url or index)


def npm(text: str, start: int, means: Means, index: str = "") -> Reference | None:
    """Read a package as npm takes it; None for a path on the reader's own disk, or one of another index."""
    bare = text.removeprefix("npm:")
    if _PATH.match(text) or text.startswith("jsr:") or not text:
        return None
    if _ADDRESS.match(text):
        return _address(text, start, means, Ecosystem.NPM)
    if re.fullmatch(r"[\w.-]+/[\w.-]+(?:#\S+)?", bare):  # npm reads owner/repository as one of GitHub
        return Reference(
            Ecosystem.NPM, means, bare.partition("#")[0].rpartition("/")[2], text, start, start + len(text), 0, bare
        )
    found = _NPM.match(bare)
    name, version = (found[1], found["version"] or "") if found else (bare, "")
    if version.startswith("npm:"):  # alias@npm:name@1
        return npm(version, start, means, index)
    if _ADDRESS.match(version):
        index = version
    return Reference(Ecosystem.NPM, means, name, text, start, start + len(text), 0, index)


def of(ecosystem: Ecosystem, text: str, start: int, means: Means, index: str = "") -> Reference | None:
    """Read a specification as the installer of an ecosystem does."""
    if ecosystem is Ecosystem.NPM:
        return npm(text, start, means, index)
    return python(text, start, means, ecosystem, index)


def local(source: str) -> bool:
    """Whether packages are taken from the reader's own disk, or from an index that is configured there by name."""
    return bool(re.match(r"\.{0,2}[/\\]|\.{1,2}$|~|[A-Za-z]:[/\\]|[\w-]+$", source))


def _address(text: str, start: int, means: Means, ecosystem: Ecosystem) -> Reference:
    egg = _EGG.search(text)
    tail = _TAIL.search(text.partition("#")[0])
    name = egg[1] if egg else _TAGS.sub("", tail[1]) if tail else ""
    return Reference(ecosystem, means, name, text, start, start + len(text), 0, text)
