"""The threat model names the tests that show each defence, and the alerts that people get: they must be there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.docs.pages import ROOT

PAGE = (ROOT / "docs" / "explanation" / "threat-model.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)


def defined(path: Path) -> set[str]:
    return {
        node.name for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.FunctionDef)
    }


def test_every_test_that_it_names_is_there() -> None:
    assert len(NAMED) > 60
    assert PAGE.count("::test_") == len(NAMED), "write a test as `tests/FILE.py::NAME`"
    known = {file: defined(ROOT / file) for file in {file for file, _ in NAMED}}
    assert [f"{file}::{name}" for file, name in NAMED if name not in known[file]] == []


def test_every_story_of_an_attack_is_in_it() -> None:
    told = {name for _, name in NAMED}
    stories = sorted((ROOT / "tests" / "stories" / "attacks").glob("test_*.py"))
    untold = {name for path in stories for name in defined(path) if name.startswith("test_")} - told - UNTOLD
    assert not untold, "say in docs/explanation/threat-model.md what they defend against"


UNTOLD = {
    "test_no_form_of_naming_a_package_passes_unseen",  # of the other story: docs/explanation/packages.md
    "test_no_tool_is_given_a_package_unseen",
    "test_arguments_with_a_key_twice_are_refused",
    "test_without_an_attack_the_version_is_served",
    "test_orders_expire_and_the_gateway_stops",
    "test_the_release_key_alone_gets_nothing_deployed",
    "test_the_gateway_decides_itself_about_a_version_that_its_gate_refused",
    "test_an_approver_s_key_that_was_replaced_no_longer_counts",
    "test_alerts_of_a_gateway_stand_in_a_file_of_its_own",
    "test_a_stranger_s_guess_reads_nothing_from_the_ledger",
    "test_a_document_that_nobody_published_does_not_stop_the_control_plane",
    "test_a_policy_that_would_stop_the_gate_is_not_adopted",
}
"""What the others rest on, or show from another side."""


def test_every_alert_that_it_names_can_be_raised() -> None:
    rows = [line.split(" | ") for line in PAGE.splitlines() if line.startswith("| ") and line.count(" | ") >= 3]
    alerts = {name for row in rows for name in re.findall(r"`([a-z]+(?:-[a-z]+)+)`", row[2])}
    sources = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "src" / "muster").rglob("*.py"))
    assert len(alerts) > 25
    assert {name for name in alerts if f'"{name}"' not in sources} == set()
