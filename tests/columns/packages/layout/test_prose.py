from __future__ import annotations

import pytest
from tests.columns.packages.reading.reading import names

from muster.columns.packages.layout.guess import Guess
from muster.columns.packages.layout.languages import of_file
from muster.columns.packages.layout.prose import Prose


def prose() -> Prose:
    return Prose(lambda _: Guess(of_file))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Run `pip install a` and ``npm i b`` now.\n", "a b"),
        ("Use `import pandas as pd` or `from x.y import z`, or `require('q')`.\n", "pandas x.y q"),
        ("First `pip install\nlong-name` then.\n", "long-name"),
        ("    pip install a\n", "a"),
        ("$ npm install b\n", "b"),
        ("<code>pip install a</code> or <pre>npm i b</pre>\n", "a b"),
        ("<pre>\npip install a\n</pre>\nthen\n", "a"),
        ("import numpy as np\nfrom a import b\nconst x = require('y')\n", "numpy a y"),
        ("After pip install preventing errors is easy, and npm install would help.\n", ""),
        ("import duty free goods\nfrom here on it is easy\nto import taxes\n", ""),
        ("The `pip` command; `pip install` needs a name; `requirements.txt`.\n", ""),
        ("`a` pip install b `c`\n", ""),
    ],
)
def test_only_spans_and_lines_of_code_name_packages(text: str, expected: str) -> None:
    assert names(prose(), text) == expected.split()


def test_a_span_that_cannot_become_a_command_is_not_held() -> None:
    assert prose().first("so `pd.read", 0) == -1
    assert prose().first("so `pi", 0) == 3
    assert prose().first("so `pip install", 0) == 3
    assert prose().first("so `pip` and", 0) == -1
    assert prose().first("so `pip` and `npm i x`.", 0) == 13
