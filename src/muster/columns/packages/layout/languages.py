"""Languages: which reader a fence or a file asks for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from muster.columns.packages.layout.guess import Guess
from muster.columns.packages.layout.marked import Patch
from muster.columns.packages.reading.javascript import JavaScript
from muster.columns.packages.reading.objects import Objects
from muster.columns.packages.reading.python import Python
from muster.columns.packages.reading.reader import Reader
from muster.columns.packages.reading.requirements import Ini, Requirements
from muster.columns.packages.reading.shell import Shell
from muster.columns.packages.reading.toml import Toml
from muster.columns.packages.reading.yaml import Yaml

_PYTHON = (
    "python py python3 py3 python2 pycon ipython ipython3 jupyter sage starlark cython pyx pyi django gyp notebook"
)
_SCRIPT = "javascript js jsx ts typescript tsx mjs cjs node es6 ecmascript vue svelte html astro react mts cts coffee"
_SHELL = (
    "bash sh shell zsh console terminal shell-session shellsession sh-session powershell ps ps1 pwsh cmd bat batch "
    "fish ksh dockerfile docker containerfile command cli makefile make mk dos"
)
_KINDS = {
    **dict.fromkeys(_PYTHON.split(), "x.py"),
    **dict.fromkeys(_SCRIPT.split(), "x.ts"),
    **dict.fromkeys(_SHELL.split(), "x.sh"),
    **dict.fromkeys(("json", "jsonc", "json5", "ipynb"), "x.json"),
    **dict.fromkeys(("yaml", "yml"), "x.yml"),
    **dict.fromkeys(("toml", "pyproject", "pipfile"), "x.toml"),
    **dict.fromkeys(("ini", "cfg"), "x.cfg"),
    **dict.fromkeys(("diff", "patch", "udiff"), "x.diff"),
    **dict.fromkeys(("requirements", "requirements.txt", "pip-requirements", "pip", "pip-tools"), "requirements.txt"),
}
_UNSAID = frozenset({"", "text", "txt", "plaintext", "plain", "none"})
_NAMED = re.compile(
    r"""(?:^|[\s"'`*(:=/{])((?:[\w@.-]+/)*(?:[\w.-]+\.\w{1,10}|Dockerfile|Pipfile|Makefile))"""
    r"""(?=$|[\s"'`*):,}])"""
)
_MANIFEST = re.compile(
    r"""(?:^|[\s"'`*(/])((?:requirements/[\w-]+|[\w.-]*requirements[\w.-]*|constraints)\.(?:txt|in)|pyproject\.toml|Pipfile|package\.json"""
    r"""|environment\.ya?ml|setup\.cfg|tox\.ini|Dockerfile)(?=$|[\s"'`*):,.])"""
)
_FOREIGN = """
    c cpp c++ cs csharp java kotlin go golang rust rs ruby rb php perl r swift scala sql css scss html5 xml latex tex
    haskell hs lua dart elixir erlang clojure matlab julia graphql proto protobuf svg csv mermaid nginx"""
_OTHERS = frozenset(_FOREIGN.split())
"""Languages whose imports are of other indexes: only commands are read in them."""


_ENDINGS: Mapping[str, Callable[[], Reader]] = {
    "toml": Toml,
    **dict.fromkeys(("py", "pyi", "pyw", "pyx"), Python),
    **dict.fromkeys(
        ("js", "jsx", "ts", "tsx", "mjs", "cjs", "mts", "cts", "vue", "svelte", "html", "astro"), JavaScript
    ),
    **dict.fromkeys(("json", "jsonc", "ipynb"), Objects),
    **dict.fromkeys(("yml", "yaml"), Yaml),
    **dict.fromkeys(("cfg", "ini"), Ini),
}
_SHELLS = frozenset({"sh", "bash", "zsh", "ps1", "bat", "cmd", "fish", "mk"})


@dataclass(frozen=True, slots=True)
class Info:
    """What a fence says of its block."""

    language: str
    file: str


def info(text: str) -> Info:
    """Read the words after a fence: ``python title="app/models.py"``, ``ts:src/x.ts``, ``{.bash}``, ``app.py``."""
    words = text.strip().strip("{}").replace(":", " ", 1).split()
    first = words[0].lstrip(".").lower() if words else ""
    file = _NAMED.search(text)
    language = first if first in _KINDS or first in _OTHERS or first in _UNSAID else ""
    return Info(language or (first if not file else ""), file[1] if file else "")


def mentioned(line: str) -> str:
    """Return the manifest that a line of prose names, if it names one."""
    found = _MANIFEST.search(line)
    return found[1] if found else ""


def of_fence(said: Info, before: str) -> Reader:
    """Return the reader of a block; ``before`` is the manifest that the prose above it names."""
    if said.file and (reader := of_file(said.file)):
        return reader
    kind = _KINDS.get(said.language)
    if said.language in _OTHERS:
        return Shell(of_file)
    if said.language in _UNSAID and before:
        return of_file(before) or Guess(of_file)
    return (of_file(kind) if kind else None) or Guess(of_file)


def of_file(path: str) -> Reader | None:
    """Return the reader of a file by its name; None where nothing in such a file names a package."""
    name = path.replace("\\", "/").rpartition("/")[2].lower()
    ending = name.rpartition(".")[2]
    if ending in ("txt", "in") and (
        "requirement" in name or "constraint" in name or "/requirements/" in f"/{path.lower()}"
    ):
        return Requirements()
    if ending in ("diff", "patch"):
        return Patch(of_file)
    if name == "pipfile":
        return Toml()
    if name in ("package.json", "deno.json"):
        return Objects(manifest=True)
    if ending in _ENDINGS:
        return _ENDINGS[ending]()
    if ending in _SHELLS or re.match(r"(?:docker|container|make|just)file", name):
        return Shell(of_file)
    return Guess(of_file) if ending == "txt" else None
