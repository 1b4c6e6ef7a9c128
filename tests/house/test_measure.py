"""The counter behind the house rules, on functions whose cost the paper's own rules give."""

import ast
import textwrap

import pytest
from tests.house.measure import complexity, has_code, length, words

STRAIGHT = "def f(a):\n    b = a + 1\n    return b"
LADDER = """
def f(a):
    if a == 1:      # +1
        return 1
    elif a == 2:    # +1
        return 2
    else:           # +1
        return 3
"""
NEST = """
def f(rows):
    for row in rows:            # +1
        if row and row.ok:      # +2 nested, +1 operators
            while row.next():   # +3
                pass
"""
CAUGHT = """
def f(a):
    try:
        return g(a)
    except OSError:             # +1
        return 1 if a else 2    # +2
"""
RECURSIVE = "def f(a):\n    return f(a - 1) if a else 0"


@pytest.mark.parametrize(("source", "cost"), [(STRAIGHT, 0), (LADDER, 3), (NEST, 7), (CAUGHT, 3), (RECURSIVE, 2)])
def test_complexity_counts_what_a_reader_must_hold(source: str, cost: int) -> None:
    assert complexity(ast.parse(textwrap.dedent(source)).body[0]) == cost


def test_length_counts_neither_decorator_nor_docstring() -> None:
    source = '@once\ndef f(a):\n    """One.\n\n    Two.\n    """\n    return a'
    assert length(ast.parse(source).body[0]) == 2


def test_names_are_split_into_words() -> None:
    assert words("HTTPServer_baseName2") == {"http", "server", "base", "name"}
    assert "base" not in words("baseline")


def test_declarations_are_not_code(tmp_path) -> None:  # noqa: ANN001 - a path
    plain = tmp_path / "plain.py"
    plain.write_text('class A:\n    def f(self) -> int:\n        """One."""\n        ...\n')
    coded = tmp_path / "coded.py"
    coded.write_text("def f(a):\n    a = a + 1\n    return a\n")
    assert not has_code(plain)
    assert has_code(coded)
