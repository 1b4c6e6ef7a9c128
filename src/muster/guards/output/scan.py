"""Scan: a guard that looks for things of one sort, sentence by sentence, while an answer streams."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from muster.guards.output.found import Finder
from muster.guards.stream import Finding, Released
from muster.records.language.packages import Action

LONGEST = 8_192
"""Characters of a sentence that are waited for; a longer one is cut at a blank, or there."""

_END = re.compile(r"\n|[.!?][^\S\n]")
_KEY = re.compile(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----")
_KEY_END = re.compile(r"-----END (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----")
_CONTINUED = re.compile(r"[\\|]\r?\n\Z")


class Scan:
    """A guard of one answer. What is redacted is replaced by what it was, never by itself."""

    def __init__(self, name: str, find: Finder, action: Action) -> None:
        self.name = name
        self._find = find
        self._action = action
        self._held = ""
        self._seen = 0  # characters of it in which no sentence ends
        self._line = 1
        self._inside = False  # a private key goes on over many lines
        self._refusal = ""

    def feed(self, text: str) -> Released:
        """Take the next piece; release the sentences that are complete."""
        findings: list[Finding] = []
        out: list[str] = []
        for begin in range(0, len(text), LONGEST):  # so that a large piece is cut where small ones would be
            self._held += text[begin : begin + LONGEST]
            self._release(out, findings)
        return Released("".join(out), tuple(findings), self._refusal)

    def close(self) -> Released:
        """Judge and release the last sentence."""
        findings: list[Finding] = []
        out = [self._judged(self._held, findings)]
        self._held = ""
        return Released("".join(out), tuple(findings), self._refusal)

    def call(self, tool: str, arguments: str) -> Released:  # noqa: ARG002 - what is found does not depend on the tool
        """Look through a whole tool call; it passes as it is, or the answer ends."""
        if self._refusal:
            return Released("", (), self._refusal)
        found = {each.what for text in _texts(arguments) for each in self._find(text)}
        findings = tuple(self._finding(what) for what in sorted(found)) if self._action is not Action.ALLOW else ()
        if found and self._action.stops:
            self._refusal = "; ".join(finding.explanation for finding in findings)
            return Released("", findings, self._refusal)
        return Released(arguments, findings)

    def _release(self, out: list[str], findings: list[Finding]) -> None:
        begin = 0
        held = self._held
        while not self._refusal and (end := _ending(held, begin, max(begin, self._seen))):
            out.append(self._judged(held[begin:end], findings))
            begin = end
        self._held = "" if self._refusal else held[begin:]
        self._seen = max(len(self._held) - 1, 0)

    def _judged(self, text: str, findings: list[Finding]) -> str:
        """Return a sentence after the action."""
        if self._refusal:
            return ""
        found = [] if self._inside else sorted(self._find(text), key=lambda each: (each.start, -each.end))
        kept: list[str] = []
        reached = 0
        for each in found:
            if each.start < reached or self._action is Action.ALLOW:
                continue
            findings.append(self._finding(each.what, self._line + text.count("\n", 0, each.start)))
            if self._action is Action.BLOCK:
                self._refusal = findings[-1].explanation
                return ""
            mark = f"[removed by muster: {each.what}]"
            if self._action is Action.ANNOTATE:
                mark = f"{text[each.start : each.end]} [muster: {each.what}]"
            kept += [text[reached : each.start], mark]
            reached = each.end
        self._line += text.count("\n")
        return self._without_key(text, "".join(kept) + text[reached:])

    def _without_key(self, text: str, judged: str) -> str:
        """Leave out the lines of a private key that is being redacted."""
        if self._action is not Action.REDACT or self.name != "secrets":
            return judged
        if self._inside:
            end = _KEY_END.search(text)
            self._inside = end is None
            return text[end.end() :] if end else ""
        begun = [each.end() for each in _KEY.finditer(text)]
        self._inside = bool(begun) and not _KEY_END.search(text, begun[-1])
        return judged

    def _finding(self, what: str, line: int = 0) -> Finding:
        return Finding(self.name, what, self._action, f"the answer holds what a policy keeps out: {what}", line)


def _ending(text: str, begin: int, seen: int) -> int:
    """Return where the sentence ends; 0 while it does not. A command goes on after a backslash or a pipe."""
    for end in _END.finditer(text, seen):
        if not _CONTINUED.search(text[max(begin, end.end() - 3) : end.end()]) and end.end() - begin <= LONGEST:
            return end.end()
        if end.end() - begin > LONGEST:
            break
    if len(text) - begin <= LONGEST:
        return 0
    blank = text.rfind(" ", begin + LONGEST // 2, begin + LONGEST)
    return blank + 1 if blank > 0 else begin + LONGEST


def _texts(arguments: str) -> Iterator[str]:
    """Yield the arguments as they are, and each text in them as the tool will see it."""
    yield arguments
    try:
        pending: list[Any] = [json.loads(arguments)]
    except (ValueError, RecursionError):
        return
    while pending:
        value = pending.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            pending += [*value, *value.values()]
        elif isinstance(value, list):
            pending += [*value, " ".join(item for item in value if isinstance(item, str))]
