"""Syntax trees: tree-sitter, which reads broken code too, with offsets in characters."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import tree_sitter_python
import tree_sitter_typescript
from tree_sitter import Language, Node, Parser


@cache
def _parser(language: str) -> Parser:
    grammar = tree_sitter_python.language() if language == "python" else tree_sitter_typescript.language_tsx()
    return Parser(Language(grammar))


class Tree:
    """The tree of one statement; ``tsx`` reads JavaScript too, with fewer errors than its own grammar."""

    def __init__(self, language: str, text: str) -> None:
        self._bytes = text.encode("utf-8", "replace")
        self._plain = len(self._bytes) == len(text)
        self.root = _parser(language).parse(self._bytes).root_node

    def walk(self, *kinds: str) -> Iterator[Node]:
        """Yield the nodes of these kinds, in order; no recursion, so that no depth of nesting matters."""
        cursor = self.root.walk()
        inside = True
        while inside:
            node = cursor.node
            if node is not None and node.type in kinds:
                yield node
            if cursor.goto_first_child():
                continue
            while not cursor.goto_next_sibling():
                if not cursor.goto_parent():
                    inside = False
                    break

    def text(self, node: Node) -> str:
        """Return the text of a node."""
        return self._bytes[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def follows_word(self, node: Node) -> bool:
        """Whether a node stands after a word of the same line, as no statement does."""
        before = self._bytes[: node.start_byte].rpartition(b"\n")[2].rstrip(b" \t")
        return before[-1:].isalnum()

    def start(self, node: Node) -> int:
        """Return where a node begins, in characters."""
        return node.start_byte if self._plain else len(self._bytes[: node.start_byte].decode("utf-8", "replace"))
