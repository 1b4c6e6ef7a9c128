"""Guard: packages that an answer names; what is not real, or not allowed, is stopped while the answer streams."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from muster.columns.packages.calls import check_call
from muster.columns.packages.judging.judge import Judge
from muster.columns.packages.layout.languages import of_file
from muster.columns.packages.layout.markdown import File, Markdown
from muster.columns.packages.names import Lists
from muster.columns.packages.stream import Stream
from muster.columns.packages.verdict import Judgement
from muster.guards.stream import Finding, Released
from muster.records.language.packages import Action, PackageRules

UNABLE = "the package guard could not judge this answer"


class Packages:
    """The package guard of one answer; :meth:`open` makes it.

    Whatever goes wrong in it ends the answer: what it holds was not judged, so nobody may read it.
    """

    name = "packages"

    def __init__(self, judge: Judge, stream: Stream) -> None:
        self._judge = judge
        self._stream = stream
        self._told = 0
        self._refusal = ""

    @classmethod
    def open(
        cls, rules: PackageRules, lists: Lists, now: datetime, *, path: str = "", own: Iterable[str] = ()
    ) -> Packages:
        """Open the guard for one answer.

        Parameters
        ----------
        now
            The time, by which lists are stale and packages new.
        path
            Name of a file where the answer is to be one, such as that of a completion of code; empty for Markdown.
        own
            Modules of the asker's project, beside those that the rules name.
        """
        judge = Judge(lists, rules, now)
        reader = of_file(path) if path else None
        return cls(judge, Stream(File(reader) if reader else Markdown(), judge.judge, own))

    def feed(self, text: str) -> Released:
        """Take the next piece of the answer; return what names no package, and what was judged."""
        return self._guarded(lambda: self._stream.feed(text))

    def close(self) -> Released:
        """Judge and release what is held."""
        return self._guarded(self._stream.close)

    def call(self, tool: str, arguments: str) -> Released:
        """Judge a whole tool call: its arguments pass unchanged, or the answer ends."""
        if self._refusal:
            return Released("", (), self._refusal)
        try:
            report = check_call(tool, arguments, self._judge.judge)
        except Exception:  # noqa: BLE001 - as below
            return self._failed()
        findings = tuple(_finding(judgement) for judgement in report.judgements if judgement.action is not Action.ALLOW)
        self._refusal = report.refusal
        if report.refusal and not findings:
            findings = (Finding(self.name, "not-judged", Action.BLOCK, report.refusal, 0),)
        return Released(report.text, findings, report.refusal)

    def _guarded(self, step: Callable[[], str]) -> Released:
        if self._refusal:
            return Released("", (), self._refusal)
        try:
            text = step()
        except Exception:  # noqa: BLE001 - whatever happened in it, a guard that cannot judge refuses
            return self._failed()
        stream = self._stream
        new = stream.judgements[self._told :]
        self._told = len(stream.judgements)
        findings = [_finding(judgement) for judgement in new if judgement.action is not Action.ALLOW]
        self._refusal = stream.refusal
        if stream.refusal and not any(finding.action is Action.BLOCK for finding in findings):
            findings.append(Finding(self.name, "not-judged", Action.BLOCK, stream.refusal, 0))
        return Released(text, tuple(findings), stream.refusal)

    def _failed(self) -> Released:
        self._refusal = UNABLE
        return Released("", (Finding(self.name, "not-judged", Action.BLOCK, UNABLE, 0),), UNABLE)


def _finding(judgement: Judgement) -> Finding:
    line = judgement.reference.line
    return Finding("packages", judgement.verdict.value, judgement.action, judgement.explanation, line, judgement)
