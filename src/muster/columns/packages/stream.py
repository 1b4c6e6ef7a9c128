"""Stream: text in, judged text out; only what may name a package waits, to the end of its statement.

A text given at once goes the same way, so that how it was cut into pieces cannot change what is found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable

from muster.columns.packages.judging.rewriting import noted, rewrite
from muster.columns.packages.judging.spelling import INVISIBLE
from muster.columns.packages.layout.markdown import File, Markdown, Turn
from muster.columns.packages.reference import Reference
from muster.columns.packages.verdict import Judgement
from muster.records.language.packages import Action

LONGEST = 65_536
"""Characters of one statement that are waited for; more cannot be judged and ends the answer."""
WIDTH = 8_192
"""A line without anything that names a package is followed in pieces of so many characters."""

_FILES = re.compile(r"(?<![\w.])((?:[\w-]+/)*)([A-Za-z_][\w-]*)\.(?:py|pyi|ipynb|js|jsx|ts|tsx|mjs|cjs|vue|svelte)\b")
_TREE = re.compile(r"(?:├──|└──|\|--|`--|\+--)\s*([\w-]+)/?")


class Stream:
    """Follows one text; ``judge`` takes a reference and the names that the text itself defines."""

    def __init__(
        self, layout: Markdown | File, judge: Callable[[Reference, Collection[str]], Judgement], own: Iterable[str] = ()
    ) -> None:
        self.judgements: list[Judgement] = []
        self.refusal = ""
        self.held = 0
        """Characters that had to wait for the end of a statement."""
        self._layout = layout
        self._judge = judge
        self._own = set(own)
        self._line: list[str] = []  # of the line that is not complete yet
        self._size = 0
        self._sent = 0  # characters of that line that are released
        self._waiting = False  # whether that line is known to be held to its end
        self._statement = ""  # whole lines that are held, from the beginning of the first
        self._since = -1  # from where on they are held; -1 where none is
        self._at = 0  # place of the statement, or else of the line, in the text
        self._number = 1
        self._reader = layout.reader  # of the statement; a fence may have changed the layout's since
        self._notes: list[str] = []

    def feed(self, text: str) -> str:
        """Take the next piece; return what may be released."""
        out: list[str] = []
        begin = 0
        while begin < len(text) and not self.refusal:
            end = text.find("\n", begin, begin + WIDTH - self._size % WIDTH) + 1
            end = end or min(len(text), begin + WIDTH - self._size % WIDTH)
            self._line.append(text[begin:end])
            self._size += end - begin
            begin = end
            if text[end - 1] == "\n":
                self._complete(out)
            else:
                self._partial(out)
        return "".join(out)

    def close(self) -> str:
        """Judge what is held and release it; the text is at its end."""
        out: list[str] = []
        if self._size and not self.refusal:
            self._complete(out)
        if self._since >= 0 and not self.refusal:
            self._settle(out)
        if not self.refusal:
            out.append(self._note())
        return "".join(out)

    def _partial(self, out: list[str]) -> None:
        """Release of an unfinished line what cannot belong to a package."""
        if self._size + len(self._statement) > LONGEST:
            self._refuse(f"a statement of more than {LONGEST:,} characters cannot be judged")
            return
        if self._since >= 0 or self._waiting:
            return
        line = self._whole()
        if self._layout.waits(line):
            return
        place = self._layout.reader.first(line, self._sent)
        self._waiting = place >= 0 and len(line) - place > 64
        self._release(out, line, place if place >= 0 else len(line))
        if self._size >= WIDTH and not self._waiting:
            self._layout.reader.passed(line)
            self._restart(line[self._sent :], self._sent)

    def _complete(self, out: list[str]) -> None:
        """Take a whole line: it is a fence, goes on with a statement, begins one, or is released."""
        line = self._whole()
        turn = self._layout.turn(line)
        if turn is not Turn.NONE:
            self._fence(out, line, turn)
        elif self._since >= 0:
            self._statement += line
        else:
            self._begin(out, line)
        self._forget()
        if self._since < 0:
            self._learn(line)  # but not from statements: `require("x.js")` makes nobody's own file
        if self._since >= 0:
            self._go_on(out)
        elif not self.refusal:
            self._advance(line)
            out.append(self._note() if self._layout.prose and not line.strip() else "")

    def _fence(self, out: list[str], line: str, turn: Turn) -> None:
        """Release a fence; a statement that it cuts short is judged before."""
        if self._since >= 0:
            self._settle(out)
        if not self.refusal:
            out.append(self._note() if turn is Turn.OPENS else "")
            self._release(out, line, len(line))
            out.append(self._note() if turn is Turn.CLOSES else "")

    def _go_on(self, out: list[str]) -> None:
        """Judge the statement that is held, unless it goes on in the next line."""
        if len(self._statement) > LONGEST:
            self._refuse(f"a statement of more than {LONGEST:,} characters cannot be judged")
        elif not self._reader.more(self._statement, self._since):
            self._settle(out)

    def _begin(self, out: list[str], line: str) -> None:
        place = self._layout.reader.first(line, 0)
        if place < 0:
            self._layout.reader.passed(line)
            self._release(out, line, len(line))
            return
        place = max(place, self._sent)
        self._release(out, line, place)
        self._statement, self._since, self._reader = line, place, self._layout.reader

    def _settle(self, out: list[str]) -> None:
        """Judge the statement that is held; release it after the actions."""
        statement, since, reader = self._statement, self._since, self._reader
        self.held += len(statement) - since
        clear = INVISIBLE.sub("_", statement)
        found = sorted(reader.read(clear, since), key=lambda each: each.start)
        judged = [self._judge(self._placed(each, statement, clear), self._own) for each in found]
        self.judgements.extend(judged)
        if blocked := [each for each in judged if each.action is Action.BLOCK]:
            self._refuse("; ".join(dict.fromkeys(each.explanation for each in blocked)))
            return
        opens = not statement[:since].strip() or statement[:since].rstrip().endswith((":", ";", "{", ">>>"))
        out.append(
            rewrite(statement[since:], self._at + since, judged, reader.comment, within=reader.within, opens=opens)
        )
        if not reader.comment and (note := noted(judged)):
            self._notes.append(note)
        self._statement, self._since = "", -1
        self._advance(statement)

    def _placed(self, reference: Reference, statement: str, clear: str) -> Reference:
        """Give a reference its place in the text, and its name as it was written."""
        line = self._number + statement.count("\n", 0, reference.start)
        placed = reference.moved(self._at, line)
        if statement is clear or statement == clear or not INVISIBLE.search(statement[reference.start : reference.end]):
            return placed
        written = statement[reference.start : reference.end]
        return Reference(
            placed.ecosystem,
            placed.means,
            written,
            written,
            placed.start,
            placed.end,
            line,
            placed.index,
            placed.members,
        )

    def _note(self) -> str:
        """Return what is to be said of text without comments, where prose may stand."""
        if not self._notes or isinstance(self._layout, File):
            return ""
        notes, self._notes = "; ".join(dict.fromkeys(self._notes)), []
        return f"\n> muster: {notes}\n\n"

    def _learn(self, line: str) -> None:
        """Take the files that a text speaks of for modules of its own."""
        if "." not in line and "─" not in line and "--" not in line:
            return
        for file in _FILES.finditer(line):
            self._own.update(part for part in (*file[1].split("/"), file[2]) if part)
        if tree := _TREE.search(line):
            self._own.add(tree[1])

    def _whole(self) -> str:
        if len(self._line) > 1:
            self._line = ["".join(self._line)]
        return self._line[0] if self._line else ""

    def _release(self, out: list[str], line: str, to: int) -> None:
        if to > self._sent:
            out.append(line[self._sent : to])
            self._sent = to

    def _forget(self) -> None:
        self._line, self._size, self._sent, self._waiting = [], 0, 0, False

    def _restart(self, rest: str, passed: int) -> None:
        """Go on with the rest of a very long line as if it began there."""
        self._forget()
        self._line, self._size = [rest], len(rest)
        self._at += passed

    def _advance(self, passed: str) -> None:
        self._at += len(passed)
        self._number += passed.count("\n")

    def _refuse(self, reason: str) -> None:
        self.refusal = reason
        self._statement, self._since, self._line = "", -1, []
