from __future__ import annotations

import pytest

from muster.columns.packages.layout import sentences


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("pip install a-b\n", "a-b"),
        ("- pip install a-b && npm i c\n", "a-b c"),
        ("2. sudo python3 -m pip install 'q>=2' -U\n", "q"),
        ("> **pip install q.**\n", "q"),
        ("<command>npm i -D q</command>\n", "q"),
        ("Command: pip install q\n", "q"),
        ('Say "uv add q" and then **npm i b** too.\n', "q"),
        ("+RUN pip install q # for b\n", "q"),
        ("npx -y a-b\n", "a-b"),
        ("pip install q, which is needed\n", ""),
        ("pip install fails here\n", ""),
        ("npx runs q\n", ""),
        ("Then pip install it again\n", ""),
        ("conda is fine: pip install the rest\n", ""),
        ('    pip install q --config-settings=x.y="-G b c"\n', "q"),
    ],
)
def test_a_command_outside_of_code_counts_where_it_is_all_there_is(line: str, expected: str) -> None:
    found = sentences.read(line)
    assert [each.name for each in found] == expected.split()
    assert all(line[each.start : each.end] == each.text for each in found)


def test_what_may_begin_a_command_waits_and_other_text_does_not() -> None:
    assert sentences.lead("> - **pip") == 6
    assert sentences.inside("Run: pi", 0) == 5
    assert sentences.inside("Run: pip install x", 5) == 5
    assert sentences.inside("Note: people say", 0) == -1
