"""What installers take on their command line: which words install, and which options swallow the next word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from muster.records.language.packages import Ecosystem


@dataclass(frozen=True, slots=True)
class Tool:
    """One installer."""

    ecosystem: Ecosystem
    verbs: Mapping[str, str]
    """Words after the tool, joined by spaces, to the names that follow: ``all``, ``one``, ``create`` or ``later``."""
    valued: frozenset[str]
    """Options whose value is the next word."""
    sources: frozenset[str] = frozenset()
    """Options whose value says where packages come from."""
    naming: frozenset[str] = frozenset()
    """Options whose value is itself a package."""


_INDEXES = "-i --index-url --extra-index-url -f --find-links --index --default-index"
_PIP_SOURCES = frozenset(_INDEXES.split())
_PIP_OPTIONS = """
    -r --requirement -c --constraint -t --target --prefix --root --python --platform --abi --implementation
    --python-version --progress-bar --timeout --retries --proxy --cert --client-cert --trusted-host --no-binary
    --only-binary --src --upgrade-strategy -C --config-settings --config-setting --report --cache-dir --log
    --exists-action -d --dest --global-option -w --wheel-dir --requirements --constraints --override --overrides
    --exclude-newer --index-strategy --keyring-provider --resolution --prerelease --link-mode -p --no-build-package
    --no-binary-package --python-platform --refresh-package --reinstall-package -P --upgrade-package --group
    --optional --tag --branch --rev --package --project --directory --marker --extra --bounds --env-file
    --config-file -b"""
_PIP_VALUED = frozenset(_PIP_OPTIONS.split())
_PIP = Tool(
    Ecosystem.PYPI,
    {"install": "all", "download": "all", "wheel": "all", "lock": "all"},
    _PIP_VALUED | {"--root-user-action"},
    _PIP_SOURCES,
    frozenset({"-e", "--editable"}),
)
_UV = Tool(
    Ecosystem.PYPI,
    {
        "pip install": "all",
        "add": "all",
        "tool install": "one",
        "tool run": "one",
        "tool upgrade": "all",
        "run": "later",
    },
    _PIP_VALUED,
    _PIP_SOURCES,
    frozenset({"--with", "--with-editable", "--from", "-e", "--editable", "--with-executables-from"}),
)
_UVX = Tool(Ecosystem.PYPI, {"": "one"}, _PIP_VALUED, _PIP_SOURCES, _UV.naming)
_ADDED = frozenset(
    {
        "-G",
        "--group",
        "-E",
        "--extras",
        "--optional",
        "--python",
        "--platform",
        "--source",
        "-P",
        "--project",
        "-C",
        "--directory",
        "-p",
        "-g",
        "--features",
        "--pypi-mirror",
    }
)
_POETRY = Tool(Ecosystem.PYPI, {"add": "all", "self add": "all"}, _ADDED, frozenset({"--source"}))
_PDM = Tool(Ecosystem.PYPI, {"add": "all"}, _ADDED, frozenset(), frozenset({"-e", "--editable"}))
_RYE = Tool(
    Ecosystem.PYPI,
    {"add": "all", "install": "one"},
    frozenset({"--path", "--git", "--url", "--tag", "--rev", "--branch"}),
    frozenset({"--git", "--url"}),
)
_PIPENV = Tool(Ecosystem.PYPI, {"install": "all"}, _PIP_VALUED | {"--categories"}, _PIP_SOURCES, frozenset({"-e"}))
_PIPX = Tool(
    Ecosystem.PYPI,
    {"install": "all", "run": "one", "inject": "later all", "upgrade": "all"},
    frozenset({"--python", "--pip-args", "--suffix", "--preinstall", "-r", "--requirement"}),
    frozenset({"-i", "--index-url"}),
    frozenset({"--spec", "--preinstall", "--with"}),
)
_CONDA = Tool(
    Ecosystem.CONDA,
    {"install": "all", "create": "all", "env create": "none", "update": "all", "upgrade": "all"},
    frozenset(
        {
            "-n",
            "--name",
            "-p",
            "--prefix",
            "-c",
            "--channel",
            "--file",
            "-f",
            "--solver",
            "--platform",
            "--subdir",
            "--clone",
            "--revision",
        }
    ),
)
_NPM_VALUED = frozenset(
    {
        "--prefix",
        "-w",
        "--workspace",
        "--tag",
        "--omit",
        "--include",
        "-C",
        "--cache",
        "--loglevel",
        "--filter",
        "-F",
        "--dir",
        "--cwd",
        "--modules-folder",
        "--backend",
    }
)
_NPM_SOURCES = frozenset({"--registry"})
_NPM_INSTALLS = (
    "install i add in ins inst insta instal isnt isnta isntal isntall "  # typos:ignore
    "install-test it link ln pack"
)
"""What npm takes for an installation, misspellings among them."""
_NPM = Tool(
    Ecosystem.NPM,
    {
        **dict.fromkeys(_NPM_INSTALLS.split(), "all"),
        "exec": "one",
        "x": "one",
        "init": "create",
        "create": "create",
        "update": "all",
        "dlx": "one",
        "global add": "all",
    },
    _NPM_VALUED,
    _NPM_SOURCES,
    frozenset({"--package", "-p"}),
)
_PNPM = Tool(Ecosystem.NPM, _NPM.verbs, _NPM_VALUED - {"-w"}, _NPM_SOURCES, frozenset({"--package"}))
_WORKSPACES = {"workspace", "workspaces"}  # `yarn workspace web add x`
_YARN = Tool(Ecosystem.NPM, _NPM.verbs, _NPM_VALUED | _WORKSPACES, _NPM_SOURCES, frozenset({"--package"}))
_ADDING = Tool(Ecosystem.NPM, {"add": "all", "install": "all"}, _NPM_VALUED, _NPM_SOURCES)
_PIXI = Tool(Ecosystem.CONDA, {"add": "all", "global install": "all"}, _CONDA.valued | {"-f", "--feature"})
_NPX = Tool(Ecosystem.NPM, {"": "one"}, _NPM_VALUED | {"-c", "--call"}, _NPM_SOURCES, frozenset({"--package", "-p"}))
_DENO = Tool(Ecosystem.NPM, {"add": "all", "install": "all"}, frozenset({"-n", "--name"}))

TOOLS: Mapping[str, Tool] = {
    **dict.fromkeys(("pip", "pip2", "pip3"), _PIP),
    "easy_install": Tool(Ecosystem.PYPI, {"": "all"}, _PIP_VALUED, _PIP_SOURCES),
    "uv": _UV,
    "uvx": _UVX,
    "poetry": _POETRY,
    "pdm": _PDM,
    "rye": _RYE,
    "pipenv": _PIPENV,
    "pipx": _PIPX,
    **dict.fromkeys(("conda", "mamba", "micromamba"), _CONDA),
    "npm": _NPM,
    **dict.fromkeys(("npx", "pnpx", "bunx"), _NPX),
    **dict.fromkeys(("pnpm", "bun"), _PNPM),
    "yarn": _YARN,
    **dict.fromkeys(("lerna", "volta", "expo"), _ADDING),
    **dict.fromkeys(("ng", "nx"), Tool(Ecosystem.NPM, {"add": "one"}, _NPM_VALUED, _NPM_SOURCES)),
    "pixi": _PIXI,
    "deno": _DENO,
}
"""Every installer that is read, by the word that calls it."""
