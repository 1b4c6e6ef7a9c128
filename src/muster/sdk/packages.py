"""Packages in a program of one's own: ``check_text(answer)`` says which are not real, and returns what may pass.

It needs no control plane: only the lists of names of this machine, or else those that ship with muster.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from muster.columns.packages.names import Lists
from muster.columns.packages.text import check_text as check
from muster.columns.packages.verdict import Judgement, Report
from muster.records.language.packages import Action, Ecosystem, PackageRules, Verdict
from muster.settings import read_settings
from muster.wiring.packages import lists as kept
from muster.wiring.packages.checking import clock

__all__ = ["Action", "Ecosystem", "Judgement", "PackageRules", "Report", "Verdict", "check_text", "open_lists"]


def open_lists(folder: str | Path | None = None) -> Lists:
    """Open the lists of names.

    Parameters
    ----------
    folder
        Where they are kept; by default ``MUSTER_PACKAGES``, or a place in the user's data folder.

    Raises
    ------
    ValueError
        If a list is not what was put there.
    """
    return kept.open_lists(read_settings({"packages": None if folder is None else str(folder)}))


def check_text(
    text: str,
    *,
    path: str = "",
    own: Iterable[str] = (),
    rules: PackageRules | None = None,
    lists: Lists | None = None,
) -> Report:
    """Judge every package that a text names, and return it after the actions of the rules.

    Parameters
    ----------
    text
        A model's answer in Markdown, or a file.
    path
        Name of the file; empty for an answer.
    own
        Modules of the project that asks.
    rules
        By default what is nonexistent, removed or quarantined ends the answer before it; see
        :class:`~muster.records.language.packages.PackageRules`.
    lists
        From :func:`open_lists`; opened anew for each text where they are not given.

    Returns
    -------
    Report
        ``judgements`` in the order of the text, ``stopped`` among them, ``text`` that may pass, and ``refusal``.
    """
    return check(text, lists or open_lists(), rules or PackageRules(), clock(), path=path, own=own)
