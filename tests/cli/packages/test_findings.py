from __future__ import annotations

from pathlib import Path

import pytest

from muster.cli.packages.findings import Outcome, PackagesChecked, gather
from muster.records.language.packages import Action, Ecosystem, PackageRules, Verdict
from muster.settings import read_settings
from muster.wiring.packages.checking import Checker, open_checker

CODE = "import numpy\n\nx = 1; import cv2, surely_absent\nimport pandas as pd\n"


@pytest.fixture
def checker(tmp_path: Path) -> Checker:
    return open_checker(read_settings({"packages": tmp_path}, {}))


def _gathered(checker: Checker, text: str, path: str = "x.py") -> PackagesChecked:
    return gather([(path, text, checker.check(text, path))], (), checker.lists)


def test_findings_have_their_place_and_what_is_allowed_is_only_counted(checker: Checker) -> None:
    result = _gathered(checker, CODE)
    assert (result.outcome, result.files, result.packages) == (Outcome.UNDECIDED, 1, 4)
    (finding,) = result.findings
    assert (finding.line, finding.column, finding.length) == (3, 20, len("surely_absent"))
    assert (finding.verdict, finding.action, finding.ecosystem) == (Verdict.UNKNOWN, Action.ANNOTATE, Ecosystem.PYPI)
    assert finding.digest in {used.digest for used in result.lists}


def test_the_outcome_is_the_gravest_of_all(checker: Checker) -> None:
    assert _gathered(checker, "import numpy\n").outcome is Outcome.FINE
    stopped = _gathered(checker, "pip install json surely-absent\n", "x.sh")
    assert stopped.outcome is Outcome.STOPPED
    assert [finding.name for finding in stopped.stopped] == ["json"]
    checker.rules = PackageRules(actions={"unknown": Action.ALLOW})
    assert _gathered(checker, CODE).outcome is Outcome.FINE


def test_what_could_not_be_read_or_is_not_there_is_no_good_news(checker: Checker) -> None:
    assert gather([], ["x.py: more than 4 MiB"], checker.lists).outcome is Outcome.UNDECIDED
    nothing = gather([], (), checker.lists, "no file here names packages")
    assert (nothing.outcome, nothing.problems) == (Outcome.UNDECIDED, ("no file here names packages",))
    endless = _gathered(checker, "import (" + "a, " * 60_000)
    assert endless.outcome is not Outcome.FINE
