"""How answers are scored: what was said of each labelled name, and of names that nobody labelled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from benchmarks.packages.data import Label, Snippet
from benchmarks.packages.peers import Peer

from muster.columns.packages.names import Lists, normal
from muster.columns.packages.text import check_text
from muster.columns.packages.verdict import Judgement
from muster.records.language.packages import Action, Ecosystem, PackageRules, Verdict

SILENT = PackageRules(actions={verdict.value: Action.ALLOW for verdict in Verdict})
"""Rules that let everything pass, so that every name of a snippet is judged."""
QUIET = {Verdict.FINE, Verdict.BUILT_IN, Verdict.GENERIC, Verdict.PLACEHOLDER, Verdict.FIRST_PARTY}
CAUTION = {Verdict.OBSCURE, Verdict.NEAR_MISS, Verdict.TOO_NEW}
"""Said of packages that exist; a comment by default, never an alarm."""
MISSING = {Verdict.NONEXISTENT, Verdict.UNKNOWN}


@dataclass
class Score:
    """Counts over a set, and the cases that count against us."""

    fakes: int = 0
    caught: int = 0
    reals: int = 0
    alarms: int = 0
    cautions: int = 0
    mapped: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.caught / max(self.fakes, 1)

    @property
    def alarm_rate(self) -> float:
        return self.alarms / max(self.reals, 1)


def ours(snippets: Iterable[Snippet], lists: Lists, now: datetime) -> Score:
    score = Score()
    for snippet in snippets:
        said = {
            judgement.reference.name: judgement for judgement in check_text(snippet.text, lists, SILENT, now).judgements
        }
        for label in snippet.labels:
            _label(score, label, said.get(label.name), snippet)
        named = {label.name for label in snippet.labels}
        for name, judgement in said.items():
            if name not in named and judgement.verdict not in QUIET | CAUTION:
                score.alarms += 1
                score.wrong.append(f"stray {name!r}: {judgement.verdict.value} in {snippet.text[:120]!r}")
    return score


def _label(score: Score, label: Label, judgement: Judgement | None, snippet: Snippet) -> None:
    verdict = judgement.verdict if judgement else None
    if label.kind == "fake":
        score.fakes += 1
        score.caught += verdict in MISSING
        _note(score, label, verdict, snippet, wrong=verdict not in MISSING)
    elif label.kind == "real":
        score.reals += 1
        score.alarms += verdict is not None and verdict not in QUIET | CAUTION
        score.cautions += verdict in CAUTION
        score.mapped += judgement is not None and judgement.distribution in label.distribution.lower().split("|")
        _note(score, label, verdict, snippet, wrong=verdict is None or verdict not in QUIET | CAUTION)
    elif label.kind == "misnamed":
        _note(score, label, verdict, snippet, wrong=verdict is not Verdict.IMPORT_NAME)
    elif label.kind == "stdlib":
        _note(score, label, verdict, snippet, wrong=verdict not in (Verdict.BUILT_IN, Verdict.STANDARD_LIBRARY))
    elif label.kind in ("local", "placeholder"):
        _note(score, label, verdict, snippet, wrong=verdict not in QUIET)


def _note(score: Score, label: Label, verdict: Verdict | None, snippet: Snippet, *, wrong: bool) -> None:
    if wrong:
        score.wrong.append(
            f"{label.kind} {label.name!r}: {verdict.value if verdict else 'not seen'} in {snippet.text[:120]!r}"
        )


def theirs(peer: Peer, snippets: Iterable[Snippet], lists: Lists) -> Score:
    """Score a peer by the same labels; a name counts as flagged where it, or the root of a module, is."""
    score = Score()
    python, npm = lists.names[Ecosystem.PYPI], lists.names[Ecosystem.NPM]
    for snippet in snippets:
        flagged = peer(snippet.text, python, npm)
        keys = {normal(Ecosystem.PYPI, name) for name in flagged}
        for label in snippet.labels:
            hit = label.name in flagged or normal(Ecosystem.PYPI, label.name.split(".")[0]) in keys
            score.fakes += label.kind == "fake"
            score.caught += label.kind == "fake" and hit
            score.reals += label.kind == "real"
            score.alarms += label.kind == "real" and hit
    return score
