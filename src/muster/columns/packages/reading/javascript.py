"""JavaScript and TypeScript: imports, requires and re-exports in every form, and install commands in comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from tree_sitter import Node

from muster.columns.packages.reading import commands
from muster.columns.packages.reading.grammar import TOOLS
from muster.columns.packages.reading.reader import Trigger, ended
from muster.columns.packages.reading.trees import Tree
from muster.columns.packages.reference import Means, Reference
from muster.records.language.packages import Ecosystem

_HOSTS = ("//esm.sh", "//cdn.skypack", "//unpkg.com", "//cdn.jsdelivr", "//esm.run")
_TRIGGER = Trigger(
    rf"(?<![\w.$-])(?:import|require|from|jest|vi)(?![\w$])|(?<![\w./-])(?:{'|'.join(TOOLS)})(?=[\s\"',]|$)|///"
    r"|(?<![\w.$-])define(?=\()|//(?:esm\.sh|cdn\.skypack|unpkg\.com|cdn\.jsdelivr|esm\.run)",
    ("import", "require", "from", "jest", "vi", "///", "define", *_HOSTS, *TOOLS),
)
_CALLS = frozenset(
    {
        "require",
        "import",
        "require.resolve",
        "require.ensure",
        "module.require",
        "define",
        "importScripts",
        "import.meta.resolve",
        "jest.mock",
        "jest.requireActual",
        "vi.mock",
        "vi.importActual",
    }
)
_OPEN = re.compile(
    r"(?:\b(?:require|import)(?:\.\w+)*\s*\(\s*(?:/\*[^*]*\*/\s*|//[^\n]*\n\s*)*|\bfrom\s*(?:/\*[^*]*\*/\s*|//[^\n]*\s*)*)$"
)
_IMPORT = re.compile(r"\s*import\b(?!\s*[(.])")
_BROKEN = re.compile(r"""(?<![\w.$])(?:from|import|(?:require|import)\s*\()\s*(['"])([^'"\n]+)\1""")
_BEGUN = re.compile(r"\s*(?:[+>*-]\s*)?(?:import|export|const|let|var|\}|await|return|require|\w+\s*=)")
"""How a line begins that is code, though it is cut off; a sentence may hold ``from 'there'`` too."""
_OWN = re.compile(r"\.{0,2}/|\.{1,2}$|~|@/|#|\$|!|data:|blob:|file:|virtual:|[\w+-]+:(?!//)")
_DELIVERED = re.compile(
    r"(?:esm\.sh|cdn\.skypack\.dev|unpkg\.com|cdn\.jsdelivr\.net/npm|esm\.run)/(?:v\d+/|stable/)?((?:@[\w.-]+/)?[\w.-]+)"
)
_SCRIPT = re.compile(rf"""["'](?:https?:)?(//{_DELIVERED.pattern}[^"'\s]*)""")
_ESCAPE = re.compile(r"\\x([0-9a-fA-F]{2})|\\u([0-9a-fA-F]{4})|\\u\{([0-9a-fA-F]{1,5})\}")
_TYPES = re.compile(r"""///\s*<reference\s+types=(["'])([^"']+)\1""")


_LONGEST = 200
"""Lines of an import that are waited for; the line that says where it comes from is read by itself too."""


class JavaScript:
    """Reads JavaScript, TypeScript, JSX and what embeds them."""

    comment = "//"
    within = False

    def first(self, line: str, since: int) -> int:
        """Return where an import, a require or a command begins."""
        return _TRIGGER.first(line, since, ended=ended(line))

    def more(self, statement: str, since: int) -> bool:
        """Whether the source of an import is still to come."""
        text = statement[since:]
        if _OPEN.search(text.rstrip()):
            return True
        tail = text.rstrip()
        if statement.count("\n") > _LONGEST or not _IMPORT.match(text) or re.search(r"""["';`]""", tail):
            return False
        return tail.endswith((",", "{", "}", "import", "type", "*", "as")) or tail.count("{") > tail.count("}")

    def passed(self, line: str) -> None:
        """Nothing is remembered."""

    def read(self, statement: str, since: int) -> list[Reference]:
        """Return what the statement names."""
        tree = Tree("tsx", statement)
        found = [*_imported(tree), *_commented(tree), *_started(tree)]
        known = {reference.start for reference in found}
        found.extend(each for each in _delivered(statement) if not {each.start - 5, each.start - 6} & known)
        if tree.root.has_error:
            found.extend(each for each in commands.read(statement, prose=True) if each.start not in known)
        if tree.root.has_error and _BEGUN.match(statement):
            broken = (_reference(each[2], each.start(2)) for each in _BROKEN.finditer(statement))
            found.extend(each for each in broken if each and each.start not in known)
        return [reference for reference in found if reference.start >= since]


def plain(text: str, start: int) -> list[Reference]:
    """Return what a text imports that is one import and nothing else; nothing where it is more."""
    if not re.match(
        r"import\b|(?:const|let|var)\s[^=]*=\s*(?:await\s+)?(?:require|import)\s*\(|require\s*\(|export\b.*\bfrom\b",
        text,
    ):
        return []
    tree = Tree("tsx", text)
    return [] if tree.root.has_error else [reference.moved(start, 0) for reference in _imported(tree)]


def _imported(tree: Tree) -> Iterator[Reference]:
    for node in tree.walk("import_statement", "export_statement", "call_expression", "import_require_clause"):
        if found := _source(tree, node):
            yield found


def _source(tree: Tree, node: Node) -> Reference | None:
    if node.type == "call_expression":
        function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        if function is None or arguments is None or tree.text(function) not in _CALLS:
            return None
        source = next(iter(child for child in arguments.named_children if child.type != "comment"), None)
        if source is not None and source.type == "array":
            return None
    else:
        source = node.child_by_field_name("source")
    if (
        source is None
        or source.type not in ("string", "template_string")
        or any(child.type not in ("string_fragment", "escape_sequence") for child in source.named_children)
    ):
        return None
    return _written(tree, source)


def _written(tree: Tree, source: Node) -> Reference | None:
    """Return the module that a string names, its escapes read."""
    text = tree.text(source)[1:-1]
    start = tree.start(source) + 1
    meant = _ESCAPE.sub(lambda found: chr(int(found[1] or found[2] or found[3], 16)), text)
    found = _reference(meant, start)
    return replace(found, text=text, end=start + len(text)) if found and meant != text else found


def _delivered(statement: str) -> Iterator[Reference]:
    """Yield packages that a page takes from a network of copies of npm."""
    for script in _SCRIPT.finditer(statement):
        if found := _reference(f"https:{script[1]}", script.start(1)):
            yield replace(found, text=script[1], end=script.end(1))


def _started(tree: Tree) -> Iterator[Reference]:
    """Yield packages in calls that start a process, ``spawn("npm", ["install", "x"])``, and modules in lists (AMD)."""
    for node in tree.walk("call_expression"):
        function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        if function is None or arguments is None:
            continue
        lists = [child for child in arguments.named_children if child.type == "array"]
        strings = [child for each in lists[:1] for child in each.named_children if child.type == "string"]
        if tree.text(function) in _CALLS:
            yield from (found for each in strings if (found := _written(tree, each)))
            continue
        first = [child for child in arguments.named_children[:1] if child.type == "string"]
        yield from commands.listed(
            [commands.Word(tree.text(each)[1:-1], tree.start(each) + 1) for each in (*first, *strings)]
        )


def _commented(tree: Tree) -> Iterator[Reference]:
    for node in tree.walk("comment", "string_fragment", "jsx_text"):
        text, start = tree.text(node), tree.start(node)
        if (
            node.type == "comment"
            and (types := _TYPES.match(text))
            and (found := _reference(types[2], start + types.start(2)))
        ):
            yield found
        if node.type == "comment" and text.startswith("//"):
            bare = text.lstrip("/ \t")
            yield from plain(bare, start + len(text) - len(bare))
        if " " in text:
            yield from (each.moved(start, 0) for each in commands.read(text, prose=True))


def _reference(source: str, start: int) -> Reference | None:
    """Read a module's source; None where it is a file of the same project, or what a bundler provides."""
    bare = source.partition("?")[0].removeprefix("npm:").strip()
    if bare.startswith(("node:", "bun:")):
        return Reference(Ecosystem.NPM, Means.IMPORT, bare, source, start, start + len(source), 0)
    index = ""
    if "://" in bare:
        delivered = _DELIVERED.search(bare)
        index = "" if delivered else bare
        bare = delivered[1] if delivered else bare.rstrip("/").rpartition("/")[2]
    elif not bare or _OWN.match(bare) or "!" in bare:
        return None
    parts = bare.split("/")
    name = "/".join(parts[:2]) if bare.startswith("@") else parts[0]
    return Reference(Ecosystem.NPM, Means.IMPORT, name, source, start, start + len(source), 0, index)
