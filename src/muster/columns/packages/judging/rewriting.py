"""Rewriting: what becomes of a statement whose packages were judged."""

from __future__ import annotations

from collections.abc import Sequence

from muster.columns.packages.verdict import Judgement
from muster.records.language.packages import Action

REMOVED = "[removed by muster]"
"""Stands where a name was; no installer takes it for one."""


def rewrite(held: str, start: int, judgements: Sequence[Judgement], comment: str, *, within: bool, opens: bool) -> str:
    """Return a statement after the actions.

    Parameters
    ----------
    held, start
        The part of the statement that was held, and its place in the whole text.
    comment
        How a comment begins here; empty where there is none.
    within
        Whether only the names are cut out; else the whole statement goes.
    opens
        Whether the statement begins its line, so that it can be replaced by one that does nothing.
    """
    said = [judgement for judgement in judgements if judgement.action in (Action.REDACT, Action.ANNOTATE)]
    if not said:
        return held
    cut = [judgement for judgement in said if judgement.action is Action.REDACT]
    body = held.rstrip("\r\n")
    end = held[len(body) :]
    notes = "; ".join(dict.fromkeys(judgement.explanation for judgement in said if judgement.explanation))
    if cut and not within:
        return f"{_nothing(judgements[0], comment, opens=opens)}{comment} muster removed a line here: {notes}{end}"
    for judgement in sorted(cut, key=lambda each: -each.reference.start):
        at = judgement.reference.start - start
        body = body[:at] + REMOVED + body[at + judgement.reference.end - judgement.reference.start :]
    if comment:
        return body + ("" if body.endswith("\\") else f"  {comment} muster: {notes}") + end
    return body + end


def noted(judgements: Sequence[Judgement]) -> str:
    """Return the notes for text that has no comments, to be put where prose may stand."""
    said = (judgement.explanation for judgement in judgements if judgement.action in (Action.REDACT, Action.ANNOTATE))
    return "; ".join(dict.fromkeys(each for each in said if each))


def _nothing(judgement: Judgement, comment: str, *, opens: bool) -> str:
    """Return what keeps a program whole without the statement: an import alone in its block leaves that empty."""
    if judgement.reference.installs:
        return ""
    if comment == "#":
        return "pass  " if opens else "None  "
    return "" if opens else "undefined; "
