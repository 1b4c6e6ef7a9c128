"""Every dependency explains itself: what it is for, what else was tried, size, licence, health."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def declared() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    extras = project["project"]["optional-dependencies"].values()
    lists = [project["project"]["dependencies"], *extras, *project["dependency-groups"].values()]
    return {
        re.match(r"[\w.-]+", wanted).group().lower() for each in lists for wanted in each if isinstance(wanted, str)
    }


def test_each_declared_dependency_has_its_paragraph_and_nothing_else_has_one() -> None:
    page = (ROOT / "docs/explanation/dependencies.md").read_text()
    explained = {name.lower() for name in re.findall(r"\*\*([\w.-]+)\*\*", page)}
    assert explained - {"uv"} == declared()


def test_each_declared_dependency_is_locked() -> None:
    locked = set(re.findall(r"^([\w.-]+)(?:\[[\w,]+\])?==", (ROOT / "requirements.lock").read_text(), re.MULTILINE))
    assert {name for name in declared() if name not in locked} == set()


def test_the_locks_hold_hashes_and_no_addresses() -> None:
    for name in ("requirements.lock", "requirements-uv.lock"):
        text = (ROOT / name).read_text()
        pins = re.findall(r"^\S+==", text, re.MULTILINE)
        assert len(re.findall(r"^\S+==.*\\\n\s+--hash=sha256:", text, re.MULTILINE)) == len(pins) > 0
        assert "://" not in text
