"""Counting: one row an answer: how many packages it names, how many of them are not known to exist, and which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from muster.columns.packages.names import normal
from muster.columns.packages.reference import Means
from muster.columns.packages.verdict import Judgement
from muster.records.language.packages import Ecosystem, Verdict

ASIDE = frozenset({Verdict.BUILT_IN, Verdict.FIRST_PARTY, Verdict.PLACEHOLDER, Verdict.GENERIC})
"""Verdicts on what claims no package: an answer that says `import os` or `pip install your-package` names none."""

INVENTED = frozenset({Verdict.NONEXISTENT})
"""A complete and fresh list does not have it."""

UNPROVEN = frozenset({Verdict.NONEXISTENT, Verdict.UNKNOWN})
"""Invented, or nobody here can tell; with a complete and fresh list both are the same."""

TYPES: Mapping[str, Any] = {
    "prompt": pa.string(),
    "language": pa.string(),
    "kind": pa.string(),
    "references": pa.int64(),
    "invented": pa.int64(),
    "unproven": pa.int64(),
    "names": pa.list_(pa.string()),
}
"""Columns of a sample of answers; ``references`` is null where it is not known, as in the log of a gateway."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What one answer came to."""

    prompt: str
    """Which question it answers: answers to one question are not independent of each other."""
    language: str
    kind: str
    references: int | None
    invented: int
    unproven: int
    names: tuple[str, ...]
    """Packages not known to exist, as ``pypi:name``."""


def counted(prompt: str, language: str, kind: str, judgements: Iterable[Judgement]) -> Counted:
    """Count the packages of one answer; one that is named several times counts once."""
    found: dict[str, Verdict] = {}
    for judgement in judgements:
        if judgement.verdict not in ASIDE and judgement.reference.name:
            found.setdefault(named(judgement), judgement.verdict)
    unproven = tuple(sorted(name for name, verdict in found.items() if verdict in UNPROVEN))
    invented = sum(verdict in INVENTED for verdict in found.values())
    return Counted(prompt, language, kind, len(found), invented, len(unproven), unproven)


def named(judgement: Judgement) -> str:
    """Return the package that is meant, as ``pypi:name``: modules of one package are one name."""
    reference = judgement.reference
    if judgement.distribution:
        return f"{reference.ecosystem.value}:{judgement.distribution}"
    whole = reference.means is not Means.IMPORT or reference.ecosystem is not Ecosystem.PYPI
    name = reference.name if whole else reference.name.partition(".")[0]
    return f"{reference.ecosystem.value}:{normal(reference.ecosystem, name)}"


def logged(request: str, findings: Sequence[str]) -> Counted:
    """Count what the log of a gateway says of one answer: guard, what, action and name, parted by spaces."""
    found: dict[str, str] = {}
    for finding in findings:
        guard, what, *rest = finding.split(" ")
        if guard == "packages" and len(rest) == 2:
            found[rest[1]] = what
    invented = sum(what in INVENTED for what in found.values())
    unproven = tuple(sorted(name for name, what in found.items() if what in UNPROVEN))
    return Counted(request, "", "", None, invented, len(unproven), unproven)


def table_of(rows: Sequence[Counted]) -> pa.Table:
    """Return answers as the rows of a sample."""
    return pa.table({name: pa.array([getattr(row, name) for row in rows], kind) for name, kind in TYPES.items()})


def times_named(rows: Iterable[Counted]) -> dict[str, int]:
    """Return how many questions brought up each name that is not known to exist, the most frequent first."""
    asked: dict[str, set[str]] = {}
    for row in rows:
        for name in row.names:
            asked.setdefault(name, set()).add(row.prompt)
    return dict(sorted(((name, len(prompts)) for name, prompts in asked.items()), key=lambda item: (-item[1], item[0])))
