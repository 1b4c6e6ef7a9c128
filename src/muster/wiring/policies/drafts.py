"""Drafts: policy files as they lie on this machine, with all that is wrong with them, and what they say in words."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from muster.adapters.yamlfiles.policies import PolicyFile, lint, read_library, read_policy_file
from muster.adapters.yamlfiles.schemas import schema
from muster.records.policy import Library
from muster.rules.gate.decide import record_digest
from muster.rules.policies.soft import soft_spots
from muster.rules.policies.words import in_words
from muster.wiring import shipped
from muster.wiring.documents import beside

CONTROLS = "controls/controls.yaml"


@dataclass(frozen=True, slots=True)
class Draft:
    """A policy file: its faults; and where it has none, its digest, its lines with where each is from, and notes."""

    name: str
    faults: tuple[str, ...]
    digest: str = ""
    lines: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    """What it leaves open that people may not have meant to."""


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
        said = _where(read, field) if _stated(read.document.value, field) else "as nothing else is said"
        lines.append((words, said))
    notes = [f"{_where(read, field)}: note: {field}: {why}" for field, why in soft_spots(read.policy)]
    return Draft(name, (), record_digest(read.policy), tuple(lines), tuple(notes))


def schema_of(kind: str) -> dict[str, Any]:
    """Return the JSON Schema of a kind of file; raise KeyError naming the kinds."""
    return schema(kind)


def _where(read: PolicyFile, field: str) -> str:
    place = read.document.place(f"policy.{field}")
    return f"{place.file}, line {place.line}"


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
