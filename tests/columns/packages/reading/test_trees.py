from __future__ import annotations

from muster.columns.packages.reading.trees import Tree


def test_offsets_count_characters_not_bytes() -> None:
    tree = Tree("python", "é = 'ü'; import naïve\n")
    (node,) = tree.walk("import_statement")
    assert (tree.start(node), tree.text(node)) == (9, "import naïve")


def test_no_depth_of_nesting_matters() -> None:
    tree = Tree("python", "[" * 20_000 + "]" * 20_000)
    assert sum(1 for _ in tree.walk("list")) > 0


def test_half_a_character_does_no_harm() -> None:
    assert [tree.text(node) for tree in (Tree("tsx", "import '\ud800x'"),) for node in tree.walk("string")]


def test_a_statement_does_not_follow_a_word() -> None:
    tree = Tree("python", "unused import x (\n")
    assert all(tree.follows_word(node) for node in tree.walk("import_statement"))
