"""The reference pages are current, and say what the code says."""

import json
import re
from pathlib import Path

import pytest
from docs import generate
from docs.reference.checks import checks
from docs.reference.commands import commands
from docs.reference.controls import controls, library
from docs.reference.formats import formats
from docs.reference.glossary import glossary
from docs.reference.settings import settings

from muster.checks.registry import CHECKS
from muster.cli.local.listing import LOCAL
from muster.lifecycle.catalogue import CATALOGUE
from muster.records.codec import KINDS

PAGES = Path(generate.__file__).parent / "reference"


def test_the_pages_are_current() -> None:
    assert generate.main(["--check"]) == 0, "call ./run docs and commit what it writes"


def test_a_stale_page_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(generate, "PAGES", {"glossary.md": lambda: "something else"})
    assert generate.main(["--check"]) == 1
    assert "out of date: glossary.md. Call ./run docs" in capsys.readouterr().err
    assert (PAGES / "glossary.md").read_text(encoding="utf-8") != "something else"


def test_every_kind_of_entry_is_in_the_glossary() -> None:
    text = glossary()
    assert KINDS
    assert [name for name in KINDS if f"Recorded as `{name}`." not in text] == []


def test_fields_are_explained_in_the_words_below_them() -> None:
    assert "- `sample`: `str`. Digest of the dataset version or window that was measured." in glossary()


def test_every_command_is_there_with_its_arguments_and_roles() -> None:
    text = commands()
    assert [name for name in (*CATALOGUE, *LOCAL) if f"### muster {name}\n" not in text] == []
    section = text.partition("### muster model train\n")[2].partition("\n### ")[0]
    assert "muster model train USE-CASE MODEL TRAINING RECIPE-FILE DECISION-FILE [OPTIONS]" in section
    assert "- `TRAINING`: Digest of a dataset version with the role training." in section
    assert "- `--digest`: Print nothing but the digest, for scripts." in section
    assert "Roles: ml-engineer." in section


def test_every_check_is_there_with_figures() -> None:
    text = checks()
    assert [name for name in CHECKS if f"## {name}\n" not in text] == []
    section = text.partition("## fairness.impact_ratio\n")[2].partition("\n## ")[0]
    assert "`impact_ratio`" in section.partition("- Figures: ")[2].partition("\n")[0]
    assert "- Controls that use it: impact-ratio-age," in section


def test_every_control_and_clause_is_there_with_its_notice() -> None:
    text, shipped = controls(), library()
    assert "not legal advice" in text
    assert [control.id for control in shipped.controls if f"### {control.id}\n" not in text] == []
    assert [clause.id for clause in shipped.clauses if f"| {clause.id} |" not in text] == []


def test_every_route_is_there() -> None:
    routes = set(re.findall(r"`(?:GET|POST) (\S+)`", formats()))
    described = set(json.loads((PAGES / "openapi.json").read_text(encoding="utf-8"))["paths"])
    assert routes == described - {"/health"}


def test_settings_are_told_with_their_words() -> None:
    row = "| `gateway_port` | `MUSTER_GATEWAY_PORT` | yes | `8500` | Port of the gateway. |"
    assert row in settings().splitlines()
    assert "| `token` | `MUSTER_TOKEN` | no |" in settings()
