from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.sarif_rules import require_sarif

from muster.cli.packages.findings import gather
from muster.cli.packages.sarif import sarif
from muster.settings import read_settings
from muster.wiring.packages.checking import open_checker


def test_findings_become_results_that_point_to_their_rule_place_and_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    checker = open_checker(read_settings({"packages": tmp_path / "lists"}, {}))
    text = "pip install json surely-absent\nnpm install fs\n"
    file = str(tmp_path / "a folder/x.sh")
    log = sarif(gather([(file, text, checker.check(text, "x.sh"))], ["y.py: too large"], checker.lists))
    assert json.loads(json.dumps(log)) == log
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    require_sarif(log)
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in run["results"])
    found = {result["message"]["text"].split()[0]: result for result in run["results"]}
    assert {name: (each["ruleId"], each["level"]) for name, each in found.items()} == {
        "json": ("standard-library", "error"),
        "surely-absent": ("unknown", "warning"),
        "fs": ("standard-library", "error"),
    }
    place = found["surely-absent"]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "a%20folder/x.sh"
    assert place["region"] == {"startLine": 1, "startColumn": 18, "endColumn": 31}
    assert run["invocations"][0]["executionSuccessful"] is False
    assert run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"] == "y.py: too large"
    assert {used["ecosystem"] for used in run["properties"]["lists"]} == {"pypi", "npm"}
    fingerprints = [result["partialFingerprints"]["muster/v1"] for result in run["results"]]
    assert len(set(fingerprints)) == 3


def test_a_file_elsewhere_is_named_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    checker = open_checker(read_settings({"packages": tmp_path / "lists"}, {}))
    log = sarif(
        gather([("/srv/x.sh", "pip install json", checker.check("pip install json", "x.sh"))], (), checker.lists)
    )
    require_sarif(log)
    result = log["runs"][0]["results"][0]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "file:///srv/x.sh"
    assert log["runs"][0]["invocations"][0]["executionSuccessful"] is True
