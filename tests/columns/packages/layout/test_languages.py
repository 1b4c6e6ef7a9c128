from __future__ import annotations

import pytest

from muster.columns.packages.layout import languages


@pytest.mark.parametrize(
    ("said", "before", "kind"),
    [
        ("python", "", "Python"),
        ("{.python}", "", "Python"),
        ('py title="app/models.py"', "", "Python"),
        ("tsx", "", "JavaScript"),
        ("ts:src/x.ts", "", "JavaScript"),
        ("bash", "", "Shell"),
        ("Dockerfile", "", "Shell"),
        ("json", "", "Objects"),
        ("package.json", "", "Objects"),
        ("toml", "", "Toml"),
        ("yaml", "", "Yaml"),
        ("requirements.txt", "", "Requirements"),
        ("", "requirements.txt", "Requirements"),
        ("text", "Pipfile", "Toml"),
        ("", "", "Guess"),
        ("klingon", "", "Guess"),
        ("go", "", "Shell"),
    ],
)
def test_a_fence_says_how_its_block_is_read(said: str, before: str, kind: str) -> None:
    assert type(languages.of_fence(languages.info(said), before)).__name__ == kind


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("src/app.py", "Python"),
        ("a/requirements/dev.txt", "Requirements"),
        ("requirements-dev.txt", "Requirements"),
        ("pyproject.toml", "Toml"),
        ("Pipfile", "Toml"),
        ("package.json", "Objects"),
        ("x.ipynb", "Objects"),
        ("environment.yml", "Yaml"),
        ("setup.cfg", "Ini"),
        ("Dockerfile.dev", "Shell"),
        ("notes.txt", "Guess"),
        ("photo.png", "NoneType"),
        ("README.md", "NoneType"),
    ],
)
def test_a_file_is_read_by_its_name(path: str, kind: str) -> None:
    assert type(languages.of_file(path)).__name__ == kind


def test_prose_may_name_the_manifest_that_follows() -> None:
    assert languages.mentioned("Create a `requirements.txt`:") == "requirements.txt"
    assert languages.mentioned("**environment.yml**") == "environment.yml"
    assert languages.mentioned("Nothing here.") == ""
