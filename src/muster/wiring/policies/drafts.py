"""Drafts: policy files as they lie on this machine, with all that is wrong with them, and what they say in words."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from muster.adapters.yamlfiles.policies import lint, read_library, read_policy_file
from muster.adapters.yamlfiles.schemas import schema
from muster.records.policy import Library
from muster.rules.gate.decide import record_digest
from muster.rules.policies.words import in_words
from muster.wiring import shipped
from muster.wiring.documents import beside

CONTROLS = "controls/controls.yaml"


@dataclass(frozen=True, slots=True)
class Draft:
    """A policy file: its faults; and where it has none, its digest and its lines, each with where it is from."""

    name: str
    faults: tuple[str, ...]
    digest: str = ""
    lines: tuple[tuple[str, str], ...] = ()


def read_controls(path: Path | None) -> Library:
    """Read a library of controls, or the one that ships."""
    text, name = (shipped.text(CONTROLS), CONTROLS) if path is None else (path.read_text(encoding="utf-8"), str(path))
    return read_library(text, name)


def read_draft(path: Path, library: Library) -> Draft:
    """Read a policy file with all that it extends; raise OSError or UnicodeDecodeError where a file cannot be read."""
    text, name = path.read_text(encoding="utf-8"), str(path)
    if faults := lint(text, name, library, beside(name)):
        return Draft(name, faults)
    read = read_policy_file(text, name, library, beside(name))
    lines = []
    for field, words in in_words(read.policy, library):
        path_of = f"policy.{field}"
        place = read.document.place(path_of)
        said = f"{place.file}, line {place.line}" if _stated(read.document.value, field) else "as nothing else is said"
        lines.append((words, said))
    return Draft(name, (), record_digest(read.policy), tuple(lines))


def schema_of(kind: str) -> dict[str, Any]:
    """Return the JSON Schema of a kind of file; raise KeyError naming the kinds."""
    return schema(kind)


def _stated(value: Any, field: str) -> bool:
    """Tell whether a file says something of a field, or whether its default holds."""
    held = value
    for part in field.replace("[", ".").replace("]", "").split("."):
        if isinstance(held, list) and part.isdecimal() and int(part) < len(held):
            held = held[int(part)]
        elif isinstance(held, dict) and part in held:
            held = held[part]
        else:
            return False
    return True
