from datetime import UTC, datetime

from tests.columns.packages.lists import small

from muster.columns.packages.text import check_text
from muster.columns.replies.counting import Counted, counted, logged, table_of, times_named
from muster.records.language.packages import Action, PackageRules, Verdict

NOW = datetime(2026, 11, 23, tzinfo=UTC)
SEEING = PackageRules(actions={verdict.value: Action.ALLOW for verdict in Verdict})


def count(text: str, *, complete: bool = True) -> Counted:
    return counted("p1", "python", "niche", check_text(text, small(complete=complete), SEEING, NOW).judgements)


def test_a_package_counts_once_an_answer_and_what_claims_none_is_left_aside() -> None:
    row = count("```python\nimport os\nimport requests\nimport requests.adapters\nimport surely_absent\n```\n")
    assert (row.references, row.invented, row.unproven) == (2, 1, 1)
    assert row.names == ("pypi:surely-absent",)


def test_modules_of_one_invented_package_are_one_name() -> None:
    row = count("```python\nimport surely_absent.a\nfrom surely_absent.b import c\n```\n`pip install surely-absent`\n")
    assert (row.references, row.names) == (1, ("pypi:surely-absent",))


def test_a_partial_list_proves_no_invention() -> None:
    row = count("```python\nimport surely_absent\n```\n", complete=False)
    assert (row.invented, row.unproven) == (0, 1)


def test_the_log_of_a_gateway_is_counted_by_name() -> None:
    line = "packages nonexistent block pypi:lang-python"
    row = logged(
        "r1", [line, line, "packages unknown redact npm:x", "secrets key redact", "packages obscure annotate pypi:y"]
    )
    assert (row.references, row.invented, row.unproven, row.names) == (None, 1, 2, ("npm:x", "pypi:lang-python"))


def test_answers_become_rows_and_names_are_counted_by_question() -> None:
    rows = [
        logged("r1", ["packages unknown redact npm:x"]),
        logged("r2", []),
        logged("r3", ["packages unknown redact npm:x"]),
    ]
    said = {"prompt": "r1", "language": "", "kind": "", "references": None}
    assert table_of(rows).to_pylist()[0] == {**said, "invented": 0, "unproven": 1, "names": ["npm:x"]}
    assert times_named(rows) == {"npm:x": 2}
