from __future__ import annotations

import pytest
from tests.columns.packages.reading.reading import names

from muster.columns.packages.layout.guess import Guess
from muster.columns.packages.layout.languages import of_file


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pip install a\nimport b\nimport c from 'd'\n", "a b d"),
        ("numpy==1.26\nscipy>=1.11\njust words\n", "numpy scipy"),
        ('{\n  "dependencies": {\n    "left-pad": "1"\n  }\n}\n', "left-pad"),
        ('[project]\ndependencies = ["a"]\n', "a"),
        ("dependencies:\n  - pip:\n    - a\n", "a"),
        ("+import added\n", "added"),
        ("$ npm install next\nadded 1 package from 2 contributors\n", "next"),
    ],
)
def test_every_line_is_read_as_all_that_it_may_be(text: str, expected: str) -> None:
    assert names(Guess(of_file), text) == expected.split()
