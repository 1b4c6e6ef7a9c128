from __future__ import annotations

import ast

from tests.columns.packages.lists import NOW, small

from muster.columns.packages.judging.rewriting import REMOVED
from muster.columns.packages.text import check_text
from muster.records.language.packages import Action, PackageRules, Verdict

REDACT = PackageRules(actions={Verdict.NONEXISTENT.value: Action.REDACT})
NOTE = PackageRules(actions={Verdict.NONEXISTENT.value: Action.ANNOTATE})


def after(text: str, rules: PackageRules = REDACT, path: str = "x.py") -> str:
    return check_text(text, small(), rules, NOW, path=path).text


def test_a_program_stays_whole_without_the_import() -> None:
    code = "try:\n    import nothing_x\nexcept ImportError:\n    from nothing_y import (\n        a,\n    )\n"
    code += "x = __import__('nothing_z')\n"
    kept = after(code)
    ast.parse(kept)
    assert "import" not in kept.replace("ImportError", "").replace("__import__", "")
    assert kept.count("muster removed a line here") == 3


def test_an_annotation_stands_beside_its_statement() -> None:
    kept = after("import nothing_x\nimport numpy\n", NOTE)
    first, second = kept.splitlines()
    assert first.startswith("import nothing_x  # muster: nothing_x is not a package")
    assert second == "import numpy"


def test_scripts_are_commented_in_their_own_way() -> None:
    kept = after("import a from 'nothing-x';\nconst b = require('nothing-y');\n", path="x.ts")
    first, second = kept.splitlines()
    assert first.startswith("// muster removed")
    assert second.startswith("const b = undefined; // muster removed")


def test_only_the_name_is_cut_out_of_a_manifest() -> None:
    kept = after('[project]\ndependencies = ["numpy", "nothing-x>=1"]\n', path="pyproject.toml")
    assert f'["numpy", "{REMOVED}"]  # muster: nothing-x' in kept
    kept = after('{"dependencies": {"react": "1", "nothing-x": "2"}}\n', path="package.json")
    assert kept == f'{{"dependencies": {{"react": "1", "{REMOVED}": "2"}}}}\n'


def test_what_has_no_comments_is_explained_below() -> None:
    text = "Run `pip install nothing-x` first.\n\nThen go.\n"
    assert after(text, path="") == (
        f"Run `pip install {REMOVED}` first.\n\n"
        "\n> muster: nothing-x is not a package on the Python package index (list of 2026-11-20)\n\n"
        "Then go.\n"
    )
