from __future__ import annotations

import pytest
from tests.columns.packages.reading.reading import names, read

from muster.columns.packages.reading.python import Python, plain


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import numpy as np\n", "numpy"),
        ("import a, b.c as d, e; import f\n", "a b.c e f"),
        ("from a.b import (\n    c,\n    d as e,\n)\n", "a.b"),
        ("import os, \\\n    sys\n", "os sys"),
        ("if x: import foo\n", "foo"),
        ("try:\n    import foo\nexcept ImportError: import bar\n", "foo bar"),
        ("from . import x\nfrom ..y import z\n", ""),
        ("m = __import__('foo')\nn = importlib.import_module(\n    'bar.baz'\n)\n", "foo bar.baz"),
        ("t = pytest.importorskip('torch')\n", "torch"),
        (">>> import sympy\n... from x.y import z\nIn [1]: import w\n", "sympy x.y w"),
        ("# import nx\n# import the data first\n", "nx"),
        ("!pip install foo\n%pip install -q bar\npip install baz\n", "foo bar baz"),
        ("subprocess.run([\n    sys.executable, '-m', 'pip',\n    'install', 'zed', name,\n])\n", "zed"),
        ("os.system('pip install q')\nprint('run pip install w first')\n", "q w"),
        ("setup(install_requires=['a>1', 'b'], extras_require={'x': ['c']})\n", "a b c"),
        ("setup(\n    install_requires=[\n        'a',\n    ],\n    extras_require={'x': ['c']},\n)\n", "a c"),
        ("import foo as\nfrom bar import\nimport baz.\n", "foo bar baz"),
        ("f(\nimport foo\n", "foo"),
        ("import the necessary modules\nan unused import statement (so)\n", ""),
        ("s = 'import foo'\n", ""),
        ("cd x && pip install one\n$ pip install two\n", "one two"),
        ("import ünïcode\n", "ünïcode"),
        ("# /// script\n# dependencies = [\n#   'rich',\n# ]\n# ///\nimport y\n", "rich y"),
        ("yield from gen()\nraise X from error\nimports = 1\nfrom_x = 2\n", ""),
    ],
)
def test_imports_and_installs_in_every_form(code: str, expected: str) -> None:
    assert names(Python(), code) == expected.split()


def test_names_taken_from_a_module_are_kept() -> None:
    assert read(Python(), "from google.cloud import storage, bigquery as bq\n")[0].members == ("storage", "bigquery")
    assert read(Python(), "from google.cloud import (\n storage)\n")[0].members == ("storage",)


def test_an_import_and_nothing_else_is_plain() -> None:
    assert [each.name for each in plain("from a import b, c", 5)] == ["a"]
    assert plain("from a import b, c", 5)[0].start == 10
    assert plain("import duties apply to you", 0) == []
