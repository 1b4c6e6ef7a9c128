"""Words: what is said to a reader of each verdict, in one sentence."""

from __future__ import annotations

from muster.columns.packages.judging.spelling import INVISIBLE
from muster.columns.packages.names import NameList
from muster.columns.packages.reference import Reference
from muster.records.language.packages import Ecosystem, Verdict

_INDEX = {
    Ecosystem.PYPI: "the Python package index",
    Ecosystem.NPM: "the npm registry",
    Ecosystem.CONDA: "conda's channels",
}

_SAID = {
    Verdict.NONEXISTENT: "{name} is not a package on {index}{list}",
    Verdict.UNKNOWN: "{name} could not be found{partial}",
    Verdict.IMPORT_NAME: "{name} is what is imported, the package is called {suggestion}",
    Verdict.STANDARD_LIBRARY: "{name} comes with the language and is not to be installed",
    Verdict.OBSCURE: "{name} exists on {index}, but hardly anyone uses it",
    Verdict.TOO_NEW: "{name} appeared on {index} only lately",
    Verdict.NEAR_MISS: "{name} is hardly used and easily taken for {suggestion}",
    Verdict.REMOVED: "{name} was removed from {index}",
    Verdict.QUARANTINED: "{name} is held in quarantine by {index}",
    Verdict.DENIED: "{name} is denied by policy",
    Verdict.LICENCE: "the licence of {name} is not accepted by policy",
    Verdict.INDEX_OVERRIDE: "{name} would come from an address that the policy does not name",
    Verdict.INVISIBLE: "{name} is written with characters that cannot be seen",
    Verdict.HOMOGLYPH: "{name} is written with letters that only look like those of {suggestion}",
}
_INSTEAD = (Verdict.NONEXISTENT, Verdict.UNKNOWN)


def shown(name: str) -> str:
    """Return a name as it may stand in a comment: printable, on one line, and short."""
    bare = "".join(letter if letter.isprintable() else "?" for letter in INVISIBLE.sub("?", name))
    return bare if len(bare) <= 80 else bare[:77] + "..."


def explain(reference: Reference, verdict: Verdict, distribution: str, suggestion: str, names: NameList | None) -> str:
    """Return the sentence; empty for verdicts that need none."""
    sentence = _SAID.get(verdict)
    if sentence is None:
        return ""
    day = f"{names.taken_at:%Y-%m-%d}" if names else ""
    if verdict is Verdict.UNKNOWN:
        partial = f" in the list of {day}, which is partial or too old to say more" if names else ": there is no list"
    else:
        partial = ""
    name = distribution if not reference.installs and verdict in (Verdict.OBSCURE, Verdict.TOO_NEW) else reference.name
    said = sentence.format(
        name=shown(name) or "a package",
        index=_INDEX[reference.ecosystem],
        list=f" (list of {day})" if day else "",
        partial=partial,
        suggestion=shown(suggestion),
    )
    return f"{said}; did you mean {shown(suggestion)}?" if suggestion and verdict in _INSTEAD else said
