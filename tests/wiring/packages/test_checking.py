from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.adapters.packageindex.stub import Stub, stub

from muster.records.language.packages import Action, Ecosystem, PackageRules, Verdict
from muster.settings import Settings, read_settings
from muster.wiring.packages.checking import Checker, clock, open_checker
from muster.wiring.packages.lists import bring, open_lists

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
CODE = "import numpy\nimport surely_absent_one\nimport surely_absent_two\nimport json\n"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings({"packages": tmp_path / "packages"}, {})


@pytest.fixture
def server() -> Iterator[Stub]:
    with stub() as running:
        yield running


def _verdicts(checker: Checker, text: str, path: str = "x.py") -> dict[str, Verdict]:
    return {found.reference.name: found.verdict for found in checker.check(text, path).judgements}


def test_everything_is_told_and_nothing_cut_off_behind_what_would_be_blocked(
    settings: Settings, tmp_path: Path
) -> None:
    names = tmp_path / "names.txt"
    names.write_text("numpy\n")
    bring(settings, names, Ecosystem.PYPI, lambda _: None, complete=True, taken_at=NOW)
    checker = Checker(open_lists(settings), now=lambda: NOW)
    found = checker.check(CODE, "x.py")
    assert found.problem == ""
    assert [(each.verdict, each.action) for each in found.judgements] == [
        (Verdict.FINE, Action.ALLOW),
        (Verdict.NONEXISTENT, Action.BLOCK),
        (Verdict.NONEXISTENT, Action.BLOCK),
        (Verdict.BUILT_IN, Action.ALLOW),
    ]
    mild = Checker(open_lists(settings), PackageRules(actions={"nonexistent": Action.ANNOTATE}), lambda: NOW)
    assert mild.check(CODE, "x.py").judgements[1].action is Action.ANNOTATE
    assert checker.check("import surely_absent_one", "x.py", own=["surely_absent_one"]).judgements[0].verdict is (
        Verdict.FIRST_PARTY
    )


def test_one_name_is_judged_as_if_it_were_to_be_installed(settings: Settings) -> None:
    checker = open_checker(settings)
    assert checker.package(Ecosystem.PYPI, "requests").verdict is Verdict.FINE
    assert checker.package(Ecosystem.PYPI, "json").verdict is Verdict.STANDARD_LIBRARY
    assert checker.package(Ecosystem.PYPI, "cv2").suggestion == "opencv-python"
    assert checker.package(Ecosystem.NPM, "surely-absent-one").verdict is Verdict.UNKNOWN


@pytest.mark.enable_socket
def test_what_a_partial_list_does_not_know_the_index_tells(server: Stub, settings: Settings) -> None:
    server.names = []
    checker = Checker(open_lists(settings), now=lambda: NOW)
    code = "import fresh\nimport surely_absent.deep\nimport numpy\n"
    first = checker.check(code, "x.py")
    assert [each.verdict for each in first.judgements] == [Verdict.UNKNOWN, Verdict.UNKNOWN, Verdict.FINE]
    checker.ask(settings, first.judgements, {Ecosystem.PYPI: server.simple}, lambda _: None)
    assert _verdicts(checker, code) == {
        "fresh": Verdict.TOO_NEW,
        "surely_absent.deep": Verdict.NONEXISTENT,
        "numpy": Verdict.FINE,
    }
    assert {path for path, _ in server.asked} == {
        "/main/simple/fresh/",
        "/main/simple/surely-absent/",
        "/main/simple/surely-absent-deep/",
    }


def test_the_clock_is_in_utc() -> None:
    assert clock().tzinfo is UTC
