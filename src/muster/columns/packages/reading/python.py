"""Python: imports in every form, install commands in notebooks, comments and calls, requirements in setup scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from muster.columns.packages.reading import commands, specs
from muster.columns.packages.reading.grammar import TOOLS
from muster.columns.packages.reading.reader import Trigger, ended, open_brackets
from muster.columns.packages.reading.toml import Toml
from muster.columns.packages.reading.trees import Tree
from muster.columns.packages.reference import Means, Reference
from muster.records.language.packages import Ecosystem

_CALLS = ("__import__", "import_module", "importorskip", "run_module", "lazy_import", "load_module")
_INSTALLS = ("micropip", "piplite", "pip_install", "uv_pip_install", "installPyPI", "add_python_packages", "session")
"""Objects and functions that install what they are given, in browsers, containers and test sessions."""
_STARTS = ("check_call", "check_output", "Popen", "subprocess", "os.system")
_LISTS = (
    *("install_requires", "setup_requires", "tests_require", "extras_require", "packages_to_install"),
    *("pip_requirements", "extra_pip_requirements", "pip_packages", "python_packages", "INSTALL_REQUIRES"),
    *("requirements", "REQUIREMENTS", "REQUIRES", "REQUIRED", "EXTRAS"),
)
_TOOLS = "|".join(TOOLS)
_MODULES = "|".join(("import", "from", "exec", *_CALLS, *_STARTS, *_LISTS, *_INSTALLS))
_TRIGGER = Trigger(
    rf"[!%]?(?:(?<![\w/-])|(?<=\s-m))(?:(?:{_MODULES})(?!\w)|(?:{_TOOLS})(?![\w.]*[=(]|\w))"
    r"|[\"']install[\"']|(?<!\w)runtime_env",
    [
        *(mark + word for word in ("import", "from", *TOOLS) for mark in ("", "!", "%")),
        *("exec", "'install'", '"install"', "runtime_env"),
        *(*_CALLS, *_STARTS, *_LISTS, *_INSTALLS),
    ],
)
_INSTALLING = re.compile(
    r"(?:^|\.)(?:micropip|piplite|session)\.install$|(?:^|[._])pip_install$|\.installPyPI$|(?:^|[._])(?:pip)?main$|\.add_python_packages$"
)
"""What is called to install."""
_HOLDS = ("list", "tuple", "set")
_LOOSE = re.compile(r"[<>=~]=|irtualenv")
"""What tells packages in a list of ``requirements`` from what somebody asks of a program."""
_PROMPT = re.compile(r"^[ \t]*(?:>>>|\.\.\.|In \[\d+\]:|\.\.\.:)(?=\s)", re.MULTILINE)
_CELL = re.compile(rf"^[ \t]*(?:\w+\s*=\s*)?(?:[!%]|(?:{_TOOLS})\s)")
_PLAIN = re.compile(
    r"(?:from\s+[\w.]+\s+import\s+(?:[\w, ]+|\*|\([\w, ]+\))"
    r"|import\s+[\w.]+(?:\s+as\s+\w+)?(?:\s*,\s*[\w.]+(?:\s+as\s+\w+)?)*)\s*;?\s*"
)
"""An import and nothing else: what is taken for one in a comment or in prose."""
_SIMPLE = re.compile(
    r"[ \t]*(?:import[ \t]+(?=[\w.]+(?:[ \t]+as[ \t]+\w+)?[ \t]*\r?\n?\Z)|from[ \t]+(?=[\w.]+[ \t]+import[ \t]))"
    r"(?P<name>[^\W\d]\w*(?:\.\w+)*)"
    r"(?:[ \t]+as[ \t]+\w+|[ \t]+import[ \t]+(?P<members>\w+(?:[ \t]*,[ \t]*\w+)*))?[ \t]*\r?\n?\Z"
)
"""The plainest imports, which are nearly all: no tree is needed for them."""
_BROKEN = re.compile(
    r"(?:^[+>]?|[;:])[ \t]*(?:from[ \t]+(?P<from>\w[\w.]*)[ \t]+import\b|import[ \t]+(?P<names>\w[^\n;#]*))",
    re.MULTILINE,
)
_SENTENCE = re.compile(r"import\s+[\w.]+\s+(?!as\b|if\b|else\b)\w")
_LISTED = re.compile(rf"""["'](?:{_TOOLS})["'],\s*$""")
_OPENED = re.compile(
    rf"\bimport\s*\(|(?:{'|'.join((*_CALLS, *_STARTS, *_INSTALLS))})[\w.]*\s*\(|(?:{'|'.join(_LISTS)})\W*[\[{{(]"
)
_LONGEST = 400
"""Lines of a bracketed statement that are waited for; the names in it come first, and later lines are read too."""


class Python:
    """Reads Python line by line; whole statements where they run over several."""

    comment = "#"
    within = False

    def __init__(self) -> None:
        self._script: Toml | None = None

    def first(self, line: str, since: int) -> int:
        """Return where an import, a call that imports or a command begins."""
        if self._script and line.lstrip().startswith("#"):
            return self._script.first(_uncommented(line), since)
        return _TRIGGER.first(line, since, ended=ended(line))

    def more(self, statement: str, since: int) -> bool:
        """Whether a bracket is open or a backslash joins the next line."""
        if self._script and statement.lstrip().startswith("#"):
            return self._script.more(_uncommented(statement), since)
        last = statement.rstrip("\r\n")
        if last.endswith("\\"):
            return True
        if _CELL.match(statement) or statement.count("\n") > _LONGEST:
            return False
        if _LISTED.search(last):
            return True
        return bool(_OPENED.search(statement, since)) and open_brackets(statement[since:], "#")

    def passed(self, line: str) -> None:
        """Take note of where the metadata of a script begins and ends (PEP 723)."""
        if re.match(r"#\s*///\s*script\s*$", line):
            self._script = Toml()
        elif re.match(r"#\s*///\s*$", line) or not line.startswith("#"):
            self._script = None
        elif self._script:
            self._script.passed(_uncommented(line))

    def read(self, statement: str, since: int) -> list[Reference]:
        """Return what the statement names."""
        if self._script and statement.lstrip().startswith("#"):
            return self._script.read(_uncommented(statement), since)
        text = _PROMPT.sub(lambda prompt: " " * len(prompt[0]), statement)
        if (simple := _SIMPLE.match(text)) and simple.start("name") >= since:
            members = tuple(member.strip() for member in (simple["members"] or "").split(",") if member.strip())
            return [_reference(simple["name"], simple.start("name"), members)]
        if _CELL.match(text):
            return [found for found in commands.read(text) if found.start >= since]
        tree = Tree("python", text)
        found = [*_imports(tree), *_called(tree), *_quoted(tree), *_required(tree)]
        if tree.root.has_error:
            known = {reference.start for reference in found}
            broken = (*_broken(text), *commands.read(text, prose=True))  # `cd x && pip install y`, in a cell of a shell
            found.extend(each for each in broken if each.start not in known)
        return [reference for reference in found if reference.start >= since]


def _uncommented(line: str) -> str:
    return re.sub(r"^([ \t]*)#", r"\1 ", line, flags=re.MULTILINE)


def plain(text: str, start: int) -> list[Reference]:
    """Return what a text imports that is one import and nothing else; nothing where it is more."""
    if not _PLAIN.fullmatch(text):
        return []
    tree = Tree("python", text.rstrip())
    return [] if tree.root.has_error else [reference.moved(start, 0) for reference in _imports(tree)]


def _reference(name: str, start: int, members: tuple[str, ...] = ()) -> Reference:
    return Reference(Ecosystem.PYPI, Means.IMPORT, name, name, start, start + len(name), 0, "", members)


def _imports(tree: Tree) -> Iterator[Reference]:
    for node in tree.walk("import_statement", "import_from_statement"):
        if node.type == "import_statement" and (_SENTENCE.match(tree.text(node)) or tree.follows_word(node)):
            continue  # `an unused import statement`, in a docstring whose beginning is not in view
        module = node.child_by_field_name("module_name")
        names = [_bare(child) for child in node.children_by_field_name("name")]
        if module is not None and module.type == "dotted_name":
            yield _dotted(tree, module, tuple(tree.text(name) for name in names))
        elif node.type == "import_statement":
            yield from (_dotted(tree, name) for name in names)


def _bare(node: Node) -> Node:
    """Return the name of ``name as alias``."""
    return (node.child_by_field_name("name") or node) if node.type == "aliased_import" else node


def _dotted(tree: Tree, node: Node, members: tuple[str, ...] = ()) -> Reference:
    written, start = tree.text(node), tree.start(node)
    name = re.sub(r"\s", "", written)
    return Reference(Ecosystem.PYPI, Means.IMPORT, name, written, start, start + len(written), 0, "", members)


def _broken(text: str) -> Iterator[Reference]:
    """Yield what is imported by statements that are cut off or misspelt."""
    for found in _BROKEN.finditer(text):
        if found["from"]:
            yield _reference(found["from"], found.start("from"))
        elif not _SENTENCE.match(found[0].lstrip(";: \t")):
            for name in re.finditer(r"(?:^|,)\s*(\w[\w.]*)", found["names"]):
                yield _reference(name[1].rstrip("."), found.start("names") + name.start(1))


def _called(tree: Tree) -> Iterator[Reference]:
    """Yield modules named in calls that import, and packages in calls that start a process."""
    for node in tree.walk("call", "list", "tuple"):
        function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        words = list(_strings(tree, node if arguments is None else arguments))
        called = tree.text(function) if function is not None else ""
        if _INSTALLING.search(called):
            yield from _given(tree, node, called, words)
        elif called == "exec":
            yield from (each for word in words for each in plain(word.text.strip(), word.start))
        elif called.rpartition(".")[2] not in _CALLS:
            yield from commands.listed(words)
        elif words and re.fullmatch(r"\w[\w.]*", words[0].text):
            yield _reference(words[0].text, words[0].start)


def _given(tree: Tree, node: Node, called: str, words: list[commands.Word]) -> Iterator[Reference]:
    """Yield what a call installs, given as words or as a list; of pip's own functions, the words of a command."""
    arguments = node.child_by_field_name("arguments") or node
    words = words + [word for each in arguments.named_children if each.type == "list" for word in _strings(tree, each)]
    if words and words[0].text in ("install", "download"):
        yield from commands.listed([commands.Word("pip", words[0].start), *words])
        return
    if called.endswith("main"):
        return
    found = (specs.python(word.text, word.start, Means.COMMAND) for word in words if not word.text.startswith("-"))
    yield from (reference for reference in found if reference)


def _strings(tree: Tree, node: Node) -> Iterator[commands.Word]:
    """Yield the plain strings directly below a node, in order."""
    for given in node.named_children:
        child = (given.child_by_field_name("value") or given) if given.type == "keyword_argument" else given
        parts = [part for part in child.named_children if part.type == "string_content"]
        if (
            child.type == "string"
            and len(parts) == 1
            and not any(part.type == "interpolation" for part in child.children)
        ):
            yield commands.Word(tree.text(parts[0]), tree.start(parts[0]))


def _quoted(tree: Tree) -> Iterator[Reference]:
    """Yield what commands in strings and comments name, and imports that are commented out."""
    for node in tree.walk("string_content", "comment"):
        text, start = tree.text(node), tree.start(node)
        if node.type == "comment":
            bare = text.lstrip("#").lstrip()
            yield from plain(bare, start + len(text) - len(bare))
        if " " in text:
            yield from (found.moved(start, 0) for found in commands.read(text, prose=True))


def _required(tree: Tree) -> Iterator[Reference]:
    """Yield requirements in lists that are called so, such as ``install_requires=[...]``."""
    for node in tree.walk("keyword_argument", "assignment", "pair"):
        name = next((each for field in ("name", "left", "key") if (each := node.child_by_field_name(field))), None)
        value = node.child_by_field_name("value") or node.child_by_field_name("right")
        if name is None or value is None or not _lists_packages(tree, tree.text(name).strip("\"'"), value):
            continue
        for word in (word for each in _lists(value) for word in _strings(tree, each)):
            yield from _lines(word)


def _lines(word: commands.Word) -> Iterator[Reference]:
    """Yield the requirements of a text, one a line."""
    for line in re.finditer(r"[^\n]+", word.text):
        bare = line[0].strip()
        if found := specs.python(bare, word.start + line.start() + line[0].index(bare), Means.REQUIREMENT):
            yield found


def _lists_packages(tree: Tree, name: str, value: Node) -> bool:
    if name == "pip":
        return "runtime_env" in tree.text(tree.root)
    if name.isupper() or name == "requirements":
        return name in _LISTS and bool(_LOOSE.search(tree.text(value) if name.isupper() else tree.text(tree.root)))
    return name in _LISTS


def _lists(value: Node) -> list[Node]:
    """Return a list, or the lists in a table of extras; what holds a text that is a list by itself counts as one."""
    if value.type == "string" and value.parent is not None:
        return [value.parent]
    level, found = [value], []
    for _ in range(4):  # a list; in a trailing comma's tuple; in a table's pair; in both
        found += [node for node in level if node.type in _HOLDS and not any(c.type == "list" for c in node.children)]
        level = [child for node in level if node not in found for child in node.named_children]
    return found
