"""Check a whole text: an answer in Markdown, or a file by its name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from muster.columns.packages.judging.judge import Judge
from muster.columns.packages.layout.languages import of_file
from muster.columns.packages.layout.markdown import File, Markdown
from muster.columns.packages.names import Lists
from muster.columns.packages.stream import Stream
from muster.columns.packages.verdict import Report
from muster.records.language.packages import PackageRules


def check_text(
    text: str, lists: Lists, rules: PackageRules, now: datetime, *, path: str = "", own: Iterable[str] = ()
) -> Report:
    """Find every package that a text names, judge each, and return the text after the actions.

    Parameters
    ----------
    now
        The time, by which lists are stale and packages new.
    path
        Name of the file that the text is; empty for an answer in Markdown. Only its name is used, nothing is opened.
    own
        Modules of the project that the text belongs to.

    Returns
    -------
    Report
        Judgements in the order of the text. Where one of them blocks, the text ends before its statement.
    """
    stream = opened(lists, rules, now, path=path, own=own)
    passed = stream.feed(text) + stream.close()
    return Report(tuple(stream.judgements), passed, stream.refusal)


def opened(lists: Lists, rules: PackageRules, now: datetime, *, path: str = "", own: Iterable[str] = ()) -> Stream:
    """Return the stream that follows one text; parameters as for :func:`check_text`."""
    judge = Judge(lists, rules, now)
    reader = of_file(path) if path else None
    return Stream(File(reader) if reader else Markdown(), judge.judge, own)
