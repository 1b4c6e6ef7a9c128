"""The labelled set: snippets written and labelled by hand, and imports labelled by what is installed here."""

from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).with_name("data")
FENCES = {
    "py": "python",
    "js": "javascript",
    "ts": "typescript",
    "sh": "bash",
    "docker": "dockerfile",
    "none": "",
    "toml": "toml",
    "json": "json",
    "yaml": "yaml",
    "cfg": "ini",
}


@dataclass(frozen=True, slots=True)
class Label:
    """What one name in a snippet is: real, fake, local, stdlib, placeholder, misnamed, or other (not scored)."""

    kind: str
    name: str
    distribution: str = ""


@dataclass(frozen=True, slots=True)
class Snippet:
    """One answer, and what it names."""

    style: str
    text: str
    labels: tuple[Label, ...]


def labelled() -> Iterator[Snippet]:
    """Yield the snippets of the files in ``data``."""
    for path in sorted(FOLDER.glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip() and not line.startswith("#"):
                yield _snippet(line)


def _snippet(line: str) -> Snippet:
    style, _, rest = line.partition(" | ")
    text, _, labels = rest.rpartition(" |")
    body = re.sub(r"\\(\\|n)", lambda escaped: "\n" if escaped[1] == "n" else "\\", text)
    return Snippet(style, _answer(style, body), tuple(_label(each) for each in labels.split(",") if each.strip()))


def _answer(style: str, body: str) -> str:
    if style in ("prose", "named"):
        return body + "\n"
    if style == "req":
        return f"Put this into requirements.txt:\n\n```txt\n{body}\n```\n"
    return f"Here is how:\n\n```{FENCES[style]}\n{body}\n```\n\nThat is all.\n"


def _label(text: str) -> Label:
    kind, _, named = text.strip().partition(" ")
    name, _, distribution = named.partition("=")
    return Label(kind, name, distribution)


def installed() -> Iterator[Snippet]:
    """Yield an import of every module that is installed here, labelled by the distributions that say they hold it."""
    owners = importlib.metadata.packages_distributions()
    for module, distributions in sorted(owners.items()):
        if module.isidentifier() and not module.startswith("_"):
            names = "|".join(sorted({re.sub(r"[-_.]+", "-", name).lower() for name in distributions}))
            yield Snippet("env", f"```python\nimport {module}\n```\n", (Label("real", module, names),))


def documents() -> Iterator[str]:
    """Yield the descriptions of all installed distributions: documentation that people wrote for people."""
    seen = set()
    for each in importlib.metadata.distributions():
        text = str(each.metadata.get("Description", "") or each.metadata.get_payload() or "")
        if len(text) > 1_000 and text not in seen:
            seen.add(text)
            yield text
