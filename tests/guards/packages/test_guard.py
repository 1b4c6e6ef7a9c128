from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.columns.packages.lists import NOW, small

from muster.columns.packages.names import Lists
from muster.guards.packages.guard import UNABLE, Packages
from muster.records.language.packages import Action, Ecosystem, PackageRules, Verdict

REDACT = PackageRules(actions={Verdict.NONEXISTENT.value: Action.REDACT})
ANSWER = "Try:\n\n```bash\npip install nothing-x\n```\n\nand `npm i react`.\n"


class Broken:
    """A list that fails when it is asked."""

    ecosystem = Ecosystem.PYPI

    def __contains__(self, name: str) -> bool:
        raise OSError(name)


def test_what_is_stopped_is_told_and_what_is_fine_is_not() -> None:
    guard = Packages.open(REDACT, small(), NOW)
    released = [guard.feed(ANSWER), guard.close()]
    assert "nothing-x is not a package" in released[0].text
    assert "pip install" not in released[0].text
    ((finding),) = [finding for each in released for finding in each.findings]
    assert (finding.guard, finding.what, finding.action, finding.line) == ("packages", "nonexistent", Action.REDACT, 4)
    assert finding.judgement is not None
    assert finding.judgement.digest == small().names[Ecosystem.PYPI].digest


def test_a_block_ends_the_answer_for_good() -> None:
    guard = Packages.open(PackageRules(), small(), NOW)
    released = guard.feed(ANSWER)
    assert (released.text, bool(released.refusal)) == ("Try:\n\n```bash\n", True)
    assert guard.feed("more").text == guard.close().text == guard.call("t", "{}").text == ""
    assert guard.close().refusal == released.refusal


def test_a_tool_call_passes_whole_or_not_at_all() -> None:
    guard = Packages.open(REDACT, small(), NOW)
    fine = '{"command": "pip install numpy"}'
    assert guard.call("run", fine).text == fine
    stopped = guard.call("run", '{"command": "pip install nothing-x"}')
    assert (stopped.text, bool(stopped.refusal)) == ("", True)
    assert [finding.what for finding in stopped.findings] == ["nonexistent"]


def test_arguments_that_cannot_be_judged_end_the_answer() -> None:
    released = Packages.open(REDACT, small(), NOW).call("run", "[" * 1_000)
    assert [finding.what for finding in released.findings] in ([], ["not-judged"])
    deep = Packages.open(REDACT, small(), NOW).call("run", "[" * 100 + "]" * 100)
    assert [finding.what for finding in deep.findings] == ["not-judged"]
    assert deep.refusal


@pytest.mark.parametrize("step", ["feed", "call"])
def test_a_guard_that_fails_lets_nothing_pass(step: str) -> None:
    lists = Lists({Ecosystem.PYPI: Broken()}, small().imports)  # type: ignore[dict-item]
    guard = Packages.open(REDACT, lists, NOW)
    released = guard.feed("`pip install x-y`\n") if step == "feed" else guard.call("run", '"pip install x-y"')
    assert (released.text, released.refusal) == ("", UNABLE)
    assert guard.feed("more").text == ""


def test_a_completion_may_be_a_file() -> None:
    guard = Packages.open(PackageRules(), small(), NOW, path="x.py", own=["billing"])
    assert guard.feed("import billing\n").text == "import billing\n"
    assert guard.feed("import nothing_x\n").refusal


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200), st.text(max_size=20))
def test_no_text_and_no_call_makes_it_throw(text: str, tool: str) -> None:
    guard = Packages.open(REDACT, small(), NOW)
    assert UNABLE not in (guard.feed(text).refusal, guard.call(tool, text).refusal, guard.close().refusal)
