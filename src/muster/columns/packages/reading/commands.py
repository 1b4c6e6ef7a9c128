"""Install commands: the packages in lines such as ``pip install -U "requests>=2" && npm i left-pad``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from muster.columns.packages.reading import specs
from muster.columns.packages.reading.grammar import TOOLS, Tool
from muster.columns.packages.reference import Means, Reference

_NAMES = "|".join(sorted(TOOLS, key=len, reverse=True))
VARIABLE = r"(?:\$[({]?)?(?:PIP|NPM|NPX|YARN|PNPM|BUN|UV|UVX|POETRY|PDM|PIPENV|PIPX|CONDA|MAMBA)[3)}]?"
"""How makefiles and scripts call an installer whose place is kept in a variable."""
CALLED = re.compile(
    r"""(?:(?<![\w.@/-])|(?<=\s-m)|(?<=[\t\n ]@)|(?<=\t-))(?:[^\s'"`()]{0,80}(?:/bin/|\\Scripts\\))?[!%]?"""
    rf"""(?:({_NAMES})(?:[.-]\d+(?:\.\d+)?)?(?:\.exe|\.cmd)?(?=[\s"',\\]|$)|({VARIABLE})(?=\s))"""
)
"""The word that calls an installer."""

_TOKEN = re.compile(
    r"""[\\^`]\r?\n(?:[ \t]*\#[^\n]*\n)*|`\#[^`\n]*`|\n|\s+|&&|\|\||\d?&?>+&?[ \t]*[^\s;|&)`"'>]+"""
    r"""|[;|&)]|<(?=\s)|`|\#.*|"((?:[^"\\\n]|\\.)*)"|'([^'\n]*)'"""
    r"""|(?:<[^<>\s]*>|\{[^{}\s]*\}|[^\s;|&)`"'>])+(?:\[[^\]\n]*\])?(?:[<>=!~]=?[^\s;|&)`"']+)?|."""
)
_NEAR = 32
"""Words within which an installer's verb stands; the rest is read only where there is one."""
_MOST = 65_536
_ARRAY = re.compile(r"""["']\s*,\s*["']""")
"""Between the words of a command that is written as a list, such as ``["pip", "install"]``."""
_PASSED = re.compile(r"[\\^`]\r?\n[\s\S]*|`\#[^`\n]*`|\d?&?>+[\s\S]*")
"""What a command goes on after: a line that is joined, a comment within it, a file that it writes."""
_END = re.compile(r"\n|&&|\|\||[;|&)`#]")
_INSTEAD = frozenset({"--from", "--package", "-p", "--spec"})
"""Options that say which package a program comes from, so that its own name is none."""
_COMMENT = re.compile(r"(?:^|\s)#")
_SPEC = re.compile(r"@?[A-Za-z0-9][\w.@/-]*(?:\[[^\]]*\])?(?:[=<>!~^]=?[\w.*,<>=!~^]*)?$")
_SENTENCE = """
    a an and any are as at be because before but by can command did do does don't first for from has have here if
    in into is it its like may must need not of on once only or package packages please run same should so some
    that the them then these this to try until using via was we when which while will with without would you
    your again already instead after manually library module failed fails error"""
STOP = frozenset(_SENTENCE.split())


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a command line, without its quotes."""

    text: str
    start: int
    quote: int = 0
    """Characters between the equals sign of an option and its value."""

    def takes(self, place: int) -> bool:
        """Whether it is an option that what is quoted at a place is the value of: ``--option='value'``."""
        return self.text.startswith("-") and self.text.endswith("=") and self.start + len(self.text) == place


def read(text: str, *, prose: bool = False) -> list[Reference]:
    """Return the packages that the install commands in a text name.

    Parameters
    ----------
    prose
        Whether words may go on after the command, as in comments and messages: names end where a sentence begins.
    """
    found: list[Reference] = []
    text = _ARRAY.sub(lambda between: " " * len(between[0]), text)
    reached = 0
    while called := CALLED.search(text, reached):
        words = _words(text, called.end(), _NEAR)
        if len(words) >= _NEAR and _verb(_tool(called), words)[0]:
            words = _words(text, called.end())
        if prose or _COMMENT.search(text[text.rfind("\n", 0, called.start()) + 1 : called.start()]):
            words = _names_only(words)
        named = _command(_tool(called), words)
        found.extend(named)
        reached = named[-1].end if named else called.end()  # `poetry run pip install x` is a command of pip's
        if named and named[-1].name in TOOLS:  # `npx expo install x` fetches expo, which fetches x
            reached = named[-1].start
    return found


def listed(words: list[Word]) -> list[Reference]:
    """Return the packages that a command names whose words are given, as in a call that starts a process."""
    for place, word in enumerate(words):
        if called := CALLED.fullmatch(word.text):
            rest = [part for each in words[place + 1 :] for part in _split(each)]
            if found := _command(_tool(called), rest):
                return found
    return []


def called(text: str) -> bool:
    """Whether a text is an installer, with its verb or without, and nothing else."""
    found = CALLED.match(text)
    return found is not None and len(text[found.end() :].split()) <= 1


def _split(word: Word) -> Iterator[Word]:
    """Yield the words of one that holds several, as in ``Start-Process pip -ArgumentList "install x"``."""
    for part in re.finditer(r"\S+", word.text):
        yield Word(part[0], word.start + part.start())


def _tool(called: re.Match[str]) -> Tool:
    return TOOLS[called[1] or called[2].strip("$(){}3").lower()]


def _words(text: str, start: int, most: int = _MOST) -> list[Word]:
    """Return the words up to the end of the command."""
    words: list[Word] = []
    at = start
    while at < len(text) and len(words) < most and (token := _TOKEN.match(text, at)):
        if _PASSED.fullmatch(token[0]):
            at = token.end()
            continue
        if _END.match(token[0]):
            break
        if token.lastindex and words and words[-1].takes(token.start()):
            words[-1] = replace(words[-1], text=words[-1].text + token[token.lastindex], quote=1)
        elif re.search(r"[\w.]", token[0]):
            words.append(_word(token))
        at = token.end()
    return words


def _word(token: re.Match[str]) -> Word:
    """Return a word without its quotes, or the bracket of the list that it stands in."""
    quoted = token.lastindex or 0
    word = token[quoted]
    word = word if "[" in word else word.rstrip("]")
    return Word(word if "{" in word else word.rstrip("}"), token.start(quoted))


def _names_only(words: list[Word]) -> list[Word]:
    """Keep words to the end of the command within a sentence."""
    kept: list[Word] = []
    for word in words:
        bare = word.text.rstrip(".,:!?\"')")
        if word.text.startswith("-") or (_SPEC.match(bare) and bare.lower() not in STOP):
            kept.append(replace(word, text=bare))
            if bare == word.text:
                continue
        break
    return kept


def _command(tool: Tool, words: list[Word]) -> list[Reference]:
    verb, rest = _verb(tool, words)
    how = tool.verbs.get(verb, "") if verb is not None else ""
    if not how or how == "none":
        return []
    names, named, source = _sorted(tool, rest)
    if how.startswith("later"):
        names = names[1:] if how.endswith("all") else []
    elif how in ("one", "create"):
        replaced = any(word.text.partition("=")[0] in _INSTEAD for word in rest)
        names = [] if replaced and how == "one" else names[:1]
    found = [_reference(tool, word, how, source) for word in (*named, *names)]
    kept = [reference for reference in found if reference]
    if source and not kept:
        kept = [
            Reference(
                tool.ecosystem,
                Means.COMMAND,
                "",
                source.text,
                source.start,
                source.start + len(source.text),
                0,
                source.text,
            )
        ]
    return kept


def _verb(tool: Tool, words: list[Word]) -> tuple[str | None, list[Word]]:
    """Return the words that say what to do, and what follows; options before them are passed over."""
    if "" in tool.verbs:
        return "", words
    options: list[Word] = []
    at = 0
    while at < len(words) and (words[at].text.startswith("-") or words[at].text in tool.valued):
        step = 2 if words[at].text in tool.valued | tool.sources else 1
        options.extend(words[at : at + step])
        at += step
    pair = " ".join(word.text for word in words[at : at + 2])
    if pair in tool.verbs:
        return pair, [*options, *words[at + 2 :]]
    if at < len(words) and words[at].text in tool.verbs:
        return words[at].text, [*options, *words[at + 1 :]]
    return None, []


def _sorted(tool: Tool, words: list[Word]) -> tuple[list[Word], list[Word], Word | None]:
    """Return plain words, words named by options, and the word that says where packages come from."""
    names: list[Word] = []
    named: list[Word] = []
    source: Word | None = None
    for option, word in _options(tool, words):
        if option in tool.sources:
            source = source or (None if specs.local(word.text) else word)
        elif option in tool.naming:
            named.extend(_listed(word))
        elif not option:
            names.append(word)
    return names, named, source


def _options(tool: Tool, words: list[Word]) -> Iterator[tuple[str, Word]]:
    takes = tool.valued | tool.sources | tool.naming
    option = ""
    for word in words:
        if option:
            yield option, word
            option = ""
        elif word.text in takes:
            option = word.text
        elif word.text.startswith("-"):
            name, equals, value = word.text.partition("=")
            if equals:
                yield name, Word(value, word.start + len(name) + 1 + word.quote)
        else:
            yield "", word


def _listed(word: Word) -> Iterator[Word]:
    """Split ``--with a,b``, but not the commas within a specification."""
    if re.search(r"[\[<>=!~/]", word.text):
        yield word
        return
    at = word.start
    for part in word.text.split(","):
        yield Word(part, at)
        at += len(part) + 1


def _reference(tool: Tool, word: Word, how: str, source: Word | None) -> Reference | None:
    found = specs.of(tool.ecosystem, word.text, word.start, Means.COMMAND, source.text if source else "")
    if found and how == "create":
        return replace(found, name=_created(found.name))
    return found


def _created(name: str) -> str:
    """``npm create vite`` runs ``create-vite``, ``npm create @scope/x`` runs ``@scope/create-x``."""
    scope, slash, last = name.rpartition("/")
    return f"{scope}{slash}{last if last.startswith('create-') else 'create-' + last}"
