"""Pages: blocks of a Markdown file, running those that are commands, and comparing what was printed with the page."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
MARK = "@@ block"
_FENCE = re.compile(r"^( *)```(\w*)([^\n]*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_TOKEN = re.compile(
    r"(?P<gap>\.\.\.)|(?P<date>\d{4}-\d\d-\d\d)|(?P<digest>\b[0-9a-f]{12,64}\b)|(?P<number>\d[\d,]*(?:\.\d+)?)"
)
_TOLERANCE = 0.02
"""How far a printed figure may be from the one on the page, relatively: libraries of other machines round otherwise."""


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the exit code that its last command is to have, and the text."""

    language: str
    code: int
    text: str


@dataclass(frozen=True)
class Step:
    """Commands, what the page says that they print, what they printed, and the exit code."""

    commands: Block
    said: str
    printed: str
    code: int


def blocks(page: str) -> Iterator[Block]:
    """Return the fenced blocks of a page under the root of the repository."""
    for indent, language, more, text in _FENCE.findall((ROOT / page).read_text(encoding="utf-8")):
        found = re.search(r"exit=(\d+)", more)
        yield Block(language, int(found[1]) if found else 0, text.replace(f"\n{indent}", "\n").removeprefix(indent))


def play(page: str, folder: Path, changes: Mapping[str, str] | None = None, before: str = "") -> list[Step]:
    """Run the ``sh`` blocks of a page in one shell in an empty folder.

    Parameters
    ----------
    changes
        Texts to replace in the commands, such as a port.
    before
        What the page takes for granted: commands whose output is not looked at.
    """
    found = list(blocks(page))
    asked = [block for block in found if block.language == "sh"]
    script = "".join(_framed(number, block, changes or {}) for number, block in enumerate(asked))
    printed = _shell(f"{before}printf '\\n{MARK} begin\\n'\n{script}", folder).partition(f"\n{MARK} begin\n")[2]
    steps = []
    for number, block in enumerate(asked):
        text, _, rest = printed.partition(f"\n{MARK} {number} ended ")
        after = found.index(block) + 1
        said = found[after].text if after < len(found) and found[after].language == "text" else ""
        steps.append(Step(block, said, text, int(rest.partition("\n")[0] or -1)))
        printed = rest.partition("\n")[2]
    return steps


def missing(said: str, printed: str) -> list[str]:
    """Return the lines of the page that were not printed; figures must be close, digests and dates may differ."""
    return [line for line in said.splitlines() if line.strip() and not _appears(line, printed)]


def _framed(number: int, block: Block, changes: Mapping[str, str]) -> str:
    text = block.text
    for old, new in changes.items():
        text = text.replace(old, new)
    # A block that is to fail may not end the shell; any other ends it at the first command that fails.
    before = "set +e\n" if block.code else "set -e\n"
    return f"{before}{text}printf '\\n{MARK} {number} ended %s\\n' $?\n"


def _shell(script: str, folder: Path) -> str:
    kept = {
        name: value for name, value in os.environ.items() if not re.match(r"MUSTER_|.*_proxy$", name, re.IGNORECASE)
    }
    path = f"{Path(sys.executable).parent}{os.pathsep}{kept.get('PATH', '')}"
    process = subprocess.Popen(
        ["sh", "-s"],
        cwd=folder,
        env={**kept, "PATH": path, "HOME": str(folder)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        return process.communicate(script, timeout=240)[0]
    finally:
        _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    """End the shell with everything that it left running in its own session."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _appears(line: str, printed: str) -> bool:
    wanted: list[float] = []
    pattern = _pattern(" ".join(line.split()), wanted)
    return any(_close(found.groups(), wanted) for found in re.finditer(pattern, printed))


def _close(got: Sequence[str], wanted: Sequence[float]) -> bool:
    pairs = zip(map(_number, got), wanted, strict=True)
    return all(abs(one - other) <= _TOLERANCE * abs(other) for one, other in pairs)


def _pattern(line: str, numbers: list[float]) -> str:
    """Return the line as a pattern with one group for each number; the numbers are added to the list."""
    parts, at = [], 0
    for token in _TOKEN.finditer(line):
        parts.append(re.escape(line[at : token.start()]))
        at = token.end()
        if token["gap"]:
            parts.append(r"[^\n]*?")
        elif token["date"]:
            parts.append(r"\d{4}-\d\d-\d\d")
        elif token["digest"]:
            parts.append(r"[0-9a-f]+")
        else:
            numbers.append(_number(token["number"]))
            parts.append(r"(\d[\d,]*(?:\.\d+)?)")
    parts.append(re.escape(line[at:]))
    return "".join(parts).replace(r"\ ", r"\s+")


def _number(text: str) -> float:
    return float(text.replace(",", "").rstrip("."))
