from __future__ import annotations

from tests.columns.packages.lists import NOW, small

from muster.columns.packages.text import check_text
from muster.records.language.packages import Action, PackageRules, Verdict

ANSWER = """Install it with `pip install requests nothing-a` first.

```bash
pip install flask nothing-b
```

```python
import json, numpy as np
import nothing_c
```
"""
ALL = PackageRules(actions={verdict.value: Action.ALLOW for verdict in Verdict})


def test_every_package_is_judged_with_its_place() -> None:
    report = check_text(ANSWER, small(), ALL, NOW)
    found = [(each.reference.name, each.verdict.value, each.reference.line) for each in report.judgements]
    assert found == [
        ("requests", "fine", 1),
        ("nothing-a", "nonexistent", 1),
        ("flask", "fine", 4),
        ("nothing-b", "nonexistent", 4),
        ("json", "built-in", 8),
        ("numpy", "fine", 8),
        ("nothing_c", "nonexistent", 9),
    ]
    assert report.text == ANSWER
    assert all(ANSWER[each.reference.start : each.reference.end] == each.reference.text for each in report.judgements)


def test_a_block_ends_the_text_before_its_statement() -> None:
    report = check_text(ANSWER, small(), PackageRules(), NOW)
    assert report.text == "Install it with "
    assert "nothing-a" in report.refusal
    assert [each.reference.name for each in report.stopped] == ["nothing-a"]


def test_a_file_is_read_by_its_name_and_knows_its_own_modules() -> None:
    report = check_text("import billing\nimport nothing_x\n", small(), ALL, NOW, path="app.py", own=["billing"])
    assert [each.verdict for each in report.judgements] == [Verdict.FIRST_PARTY, Verdict.NONEXISTENT]


def test_files_that_an_answer_speaks_of_define_modules() -> None:
    foreign = "```js\nrequire('nothing.js')\nrequire('nothing')\n```\nIn nothing.js:\n```js\nimport 'nothing'\n```\n"
    assert {each.verdict for each in check_text(foreign, small(), ALL, NOW).judgements} == {Verdict.NONEXISTENT}
    text = "Save this as `mailer.py`, in\n├── shop/\n\n```python\nimport mailer\nimport shop.cart\n```\n"
    report = check_text(text, small(), ALL, NOW)
    assert [each.verdict for each in report.judgements] == [Verdict.FIRST_PARTY] * 2
