from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.columns.packages.lists import NOW, small

from muster.columns.packages.stream import LONGEST
from muster.columns.packages.text import check_text, opened
from muster.records.language.packages import Action, PackageRules, Verdict

LISTS = small()
_FRAGMENTS = """
    ``` ` ```python ```json ```toml ```yaml ```bash ```txt ~~~ import from foo ( ) { } " ' # // [ ] : - = == $ > 1.
    dependencies requires [project] npm require('x') <<EOF EOF <code> >>> from_'x' x pip
"""
FRAGMENTS = _FRAGMENTS.split()
PIECES = st.sampled_from(
    [
        *FRAGMENTS,
        " ",
        "\n",
        "\n",
        "\\\n",
        "    ",
        "\t",
        "\r\n",
        "\u200b",
        "é",
        "\x00",
        "😀",
        "pip install ",
        "import ",
        "npm i ",
        "from 'x'",
        "import x",
        '"""',
    ]
)
TEXTS = st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=80)
PATHS = st.sampled_from(
    ["", "", "", "x.py", "x.ts", "x.json", "x.toml", "x.yml", "requirements.txt", "x.sh", "x.cfg", "x.txt"]
)
RULES = st.sampled_from(
    [PackageRules(), *(PackageRules(actions={verdict.value: action for verdict in Verdict}) for action in Action)]
)


def streamed(text: str, cuts: list[int], rules: PackageRules, path: str = "") -> tuple[Any, ...]:
    stream = opened(LISTS, rules, NOW, path=path)
    places = [0, *sorted(cut % (len(text) + 1) for cut in cuts), len(text)]
    out = [stream.feed(text[begin:end]) for begin, end in pairwise(places)]
    return "".join(out) + stream.close(), tuple(stream.judgements), stream.refusal


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.lists(st.integers(0, 400), max_size=12), RULES, PATHS)
def test_how_a_text_is_cut_changes_nothing(text: str, cuts: list[int], rules: PackageRules, path: str) -> None:
    report = check_text(text, LISTS, rules, NOW, path=path)
    whole = (report.text, report.judgements, report.refusal)
    assert streamed(text, cuts, rules, path) == whole
    assert streamed(text, list(range(len(text))), rules, path) == whole


@settings(max_examples=100, deadline=None)
@given(
    st.lists(PIECES, max_size=20).map("".join),
    st.sampled_from(["import zeta_nine_x", "pip install zeta-nine-x", "from zeta_nine_x import y"]),
)
def test_nothing_that_goes_before_hides_a_name_in_a_fence(noise: str, statement: str) -> None:
    prose = noise.replace("`", "").replace("~", "").replace("\\", "").replace("<", "")
    text = f"{prose}\n\n```python\n{statement}\n```\n"
    report = check_text(text, LISTS, PackageRules(), NOW)
    assert report.refusal
    assert statement not in report.text


def test_only_what_may_name_a_package_waits() -> None:
    stream = opened(LISTS, PackageRules(), NOW)
    assert stream.feed("Here is some pro") == "Here is some pro"
    assert stream.feed("se with `pd.read` and `pi") == "se with `pd.read` and "
    assert stream.feed("p install nump") == ""
    assert stream.feed("y` for it.\n") == "`pip install numpy` for it.\n"
    assert stream.feed("```python\nx = 1 + im") == "```python\nx = 1 + "
    assert stream.feed("age\nimport num") == "image\n"
    assert stream.feed("py\n") == "import numpy\n"


def test_names_split_over_pieces_are_caught() -> None:
    text = "```python\nimport nothing_x\n```\n"
    for cut in range(len(text)):
        out, _, refusal = streamed(text, [cut], PackageRules())
        assert "nothing_x" not in out
        assert refusal


def test_nothing_follows_a_refusal() -> None:
    stream = opened(LISTS, PackageRules(), NOW)
    assert stream.feed("```sh\npip install nothing-x\nls\n") == "```sh\n"
    assert stream.feed("more\n") == ""
    assert stream.close() == ""


@pytest.mark.parametrize(
    "text",
    [
        "```python\nimport a" + "b" * LONGEST,
        "```python\n" + "import a, \\\n" * 9_000,
        "```json\n" + '"dependencies": {' * 9_000,
    ],
)
def test_a_statement_that_is_too_long_to_be_judged_ends_the_answer(text: str) -> None:
    _, _, refusal = streamed(
        text, [7, 100, 60_000], PackageRules(actions={verdict.value: Action.ALLOW for verdict in Verdict})
    )
    assert "cannot be judged" in refusal


@pytest.mark.parametrize(
    "text",
    [
        "a" * 100_000,
        " " * 100_000,
        "1" * 50_000,
        "`" * 50_000,
        "`pip " * 5_000,
        "```\n" + "import x\n" * 500,
        "# " * 20_000,
        "```python\nimport (" + "(" * 50_000,
    ],
)
def test_no_line_is_too_long_to_pass_in_bounded_memory(text: str) -> None:
    stream = opened(LISTS, PackageRules(actions={verdict.value: Action.ALLOW for verdict in Verdict}), NOW)
    out = []
    for begin in range(0, len(text), 50):
        out.append(stream.feed(text[begin : begin + 50]))
        assert stream._size + len(stream._statement) <= LONGEST + 50
    if not stream.refusal:
        assert "".join(out) + stream.close() == text
