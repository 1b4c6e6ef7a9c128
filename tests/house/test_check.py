"""The command behind ``./run check``."""

import pytest
import yaml
from tests.house import check


def test_an_unknown_check_is_an_error_that_lists_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert check.main(["colour"]) == 2
    assert "there are types" in capsys.readouterr().err


def test_a_named_check_prints_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert check.main(["imports"]) in {0, 1}
    assert capsys.readouterr().out.startswith("imports ")


def test_precommit_calls_the_same_checks() -> None:
    hooks = yaml.safe_load((check.ROOT / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
    assert {hook["entry"] for hook in hooks} == {f"./run check {name}" for name in check.CHECKS}
