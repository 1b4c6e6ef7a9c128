from __future__ import annotations

from pathlib import Path

import pytest

from muster.cli.packages import own as own_module
from muster.cli.packages.own import Own, own_names, owned, project_of


def _write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")


def test_modules_packages_and_aliases_of_a_project_are_its_own(tmp_path: Path) -> None:
    _write(
        tmp_path,
        {
            "src/acme_app/models/user.py": "",
            "scripts/load.py": "",
            "src/build/__init__.py": "",
            "pyproject.toml": '[project]\nname = "acme-app"\n[tool.poetry]\nname = "acme-poetry"\n',
            "web/package.json": '{"name": "@acme/web"}',
            "tsconfig.json": '{// paths\n "compilerOptions": {"paths": {"@app/*": ["./src/*"], "~": ["."],},}}',
        },
    )
    own = own_names(tmp_path)
    assert own.modules == {"src", "acme_app", "models", "user", "load", "scripts", "build"}
    assert own.packages == {"acme-app", "acme-poetry", "@acme/web", "@app", "~"}


@pytest.mark.parametrize("text", ["", "[", "[]", '{"name": 3, "compilerOptions": 4}', "\xff", "{" * 5000])
def test_manifests_that_cannot_be_read_add_nothing(tmp_path: Path, text: str) -> None:
    _write(tmp_path, {"package.json": text, "tsconfig.json": text, "pyproject.toml": text})
    assert own_names(tmp_path) == Own()


def test_the_project_of_a_file_is_its_repository_or_the_nearest_folder_with_a_manifest(tmp_path: Path) -> None:
    _write(tmp_path, {"pyproject.toml": "", "a/b/c.py": "", "a/package.json": ""})
    assert project_of(tmp_path / "a/b/c.py") == tmp_path / "a"
    assert project_of(tmp_path) == tmp_path
    (tmp_path / ".git").mkdir()
    assert project_of(tmp_path / "a/b/c.py") == tmp_path
    assert project_of(Path("/")) is None


def test_what_lies_beside_a_file_is_own_and_so_is_its_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Somebody may keep a manifest in the folder of temporary files, which then is the project of everything there.
    monkeypatch.setattr(own_module, "_MANIFESTS", ("manifest.of-this-test",))
    monkeypatch.setattr(own_module, "_REPOSITORY", ".none")
    app = {"app/manifest.of-this-test": "", "app/a.py": ""}
    _write(tmp_path, {"loose/x.py": "", "loose/y.py": "", "loose/deep/z.py": "", **app})
    files = [tmp_path / "loose/x.py"]
    assert owned(files, files) == Own(frozenset({"x", "y"}))
    assert owned([tmp_path / "app"], []).modules == {"a"}
    assert owned([tmp_path / "loose"], []).modules == {"x", "y", "z", "deep"}
