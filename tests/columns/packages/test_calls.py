from __future__ import annotations

import json
from typing import Any

import pytest
from tests.columns.packages.lists import NOW, small

from muster.columns.packages.calls import LARGEST, check_call
from muster.columns.packages.judging.judge import Judge
from muster.columns.packages.verdict import Report
from muster.records.language.packages import Action, PackageRules, Verdict


def checked(tool: str, arguments: Any, **rules: Any) -> Report:
    text = arguments if isinstance(arguments, str) else json.dumps(arguments)
    return check_call(tool, text, Judge(small(), PackageRules(**rules), NOW).judge)


@pytest.mark.parametrize(
    ("tool", "arguments", "name"),
    [
        ("run_shell", {"command": "cd x && pip install nothing-x"}, "nothing-x"),
        ("exec", {"argv": ["pip", "install", "nothing-x"]}, "nothing-x"),
        ("run_python", {"code": "import os\nimport nothing_x\n"}, "nothing_x"),
        ("python", {"input": {"source": "from nothing_x import a"}}, "nothing_x"),
        ("write_file", {"path": "requirements.txt", "content": "numpy\nnothing-x\n"}, "nothing-x"),
        ("write_file", {"path": "src/x.ts", "content": "import a from 'nothing-x'\n"}, "nothing-x"),
        ("edit", {"file": "package.json", "text": '{"dependencies": {"nothing-x": "1"}}'}, "nothing-x"),
        ("install_packages", {"packages": ["numpy", "nothing-x"]}, "nothing-x"),
        ("npm_install", {"package": "nothing-x@1"}, "nothing-x"),
        ("pip_install", {"packages": {"nothing-x": ">=1"}}, "nothing-x"),
        ("answer", {"text": "```bash\nnpm i nothing-x\n```"}, "nothing-x"),
        ("anything", "pip install nothing-x", "nothing-x"),
        ("anything", '{"cut": "pip install nothing-x', "nothing-x"),
    ],
)
def test_packages_are_found_wherever_a_tool_is_told_of_them(tool: str, arguments: Any, name: str) -> None:
    report = checked(tool, arguments)
    assert name in [each.reference.name for each in report.stopped]
    assert report.text == ""
    assert report.refusal


def test_a_call_without_anything_to_stop_passes_as_it_is() -> None:
    arguments = '{"command":  "pip install numpy", "path": "nothing"}'
    report = checked("run", arguments)
    assert (report.text, report.refusal) == (arguments, "")
    assert [each.reference.name for each in report.judgements] == ["numpy"]


def test_redaction_refuses_a_call_and_annotation_lets_it_pass() -> None:
    call = {"command": "pip install nothing-x"}
    assert checked("run", call, actions={Verdict.NONEXISTENT.value: Action.REDACT}).refusal
    noted = checked("run", call, actions={Verdict.NONEXISTENT.value: Action.ANNOTATE})
    assert (noted.refusal, json.loads(noted.text)) == ("", call)


def test_every_package_of_a_call_is_found_not_only_the_first() -> None:
    report = checked("run", {"command": "pip install nothing-x nothing-y"})
    assert [each.reference.name for each in report.stopped] == ["nothing-x", "nothing-y"]


def test_what_cannot_be_judged_is_refused() -> None:
    assert "nested" in checked("run", "[" * 100 + "]" * 100).refusal
    assert "nested" in checked("run", "[" * 100_000 + "]" * 100_000).refusal
    assert "cannot be judged" in checked("run", "x" * (LARGEST + 1)).refusal
