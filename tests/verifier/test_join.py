"""The one file: by itself in an empty folder, and the same as the modules that it is made of."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.lifecycle.dossier.scene import Scene, refused, released
from tests.verifier.packing import members_of, packed

from muster.records.canonical import digest
from muster.verifier.join import FOLDER, Module, joined
from muster.verifier.main import main


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    made = released(tmp_path_factory.mktemp("released"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def dossier(scene: Scene) -> bytes:
    return scene.dossier()


def run(content: bytes, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the verifier that is in the dossier, alone in an empty folder, isolated from everything installed here."""
    try:
        (folder / "verify.py").write_bytes(members_of(content)["verify.py"])
    except (zipfile.BadZipFile, KeyError):
        (folder / "verify.py").write_bytes(joined().encode())
    (folder / "dossier.zip").write_bytes(content)
    command = [sys.executable, "-I", "-S", "verify.py", "dossier.zip", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env={})


def test_it_verifies_alone(scene: Scene, dossier: bytes, tmp_path: Path) -> None:
    done = run(dossier, "--root", scene.house.fingerprint, folder=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"VERIFIED {digest(dossier)}\n")
    assert "ann (risk-analyst) signed" in done.stdout
    assert "deployed as: credit" in done.stdout
    assert "NOT PROVEN" in done.stdout


def test_a_changed_dossier_is_exit_1_with_the_failure_named(scene: Scene, dossier: bytes, tmp_path: Path) -> None:
    members = members_of(dossier)
    name = next(name for name in members if name.startswith("entries/"))
    members[name] = members[name].replace(b'"v":1', b'"v":2')

    done = run(packed(members), "--root", scene.house.fingerprint, folder=tmp_path)

    assert done.returncode == 1
    assert (
        done.stdout
        == "NOT VERIFIED: entry 0 is not in the ledger that the checkpoint is of: it was changed or made up\n"
    )


@pytest.mark.parametrize("arguments", [(), ("--root", ""), ("--root", "sha256:short"), ("--root",), ("--other", "x")])
def test_without_a_root_to_trust_it_is_exit_2(dossier: bytes, arguments: tuple[str, ...], tmp_path: Path) -> None:
    assert run(dossier, *arguments, folder=tmp_path).returncode == 2


def test_a_module_that_lies_beside_the_verifier_is_not_run(scene: Scene, dossier: bytes, tmp_path: Path) -> None:
    (tmp_path / "verify.py").write_bytes(joined().encode())
    (tmp_path / "zipfile.py").write_text("print('VERIFIED'); raise SystemExit(0)")
    (tmp_path / "dossier.zip").write_bytes(dossier[:-1])

    command = [sys.executable, "verify.py", "dossier.zip", "--root", scene.house.fingerprint]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, env={})

    assert (done.returncode, done.stdout[:12]) == (1, "NOT VERIFIED")


def test_on_a_python_that_is_too_old_nothing_is_said_about_the_dossier(tmp_path: Path) -> None:
    file = tmp_path / "verify.py"
    file.write_text(joined(), encoding="utf-8")
    script = "import sys; sys.version_info = (3, 8, 0); sys.argv = ['verify.py']; import runpy; "
    done = subprocess.run(
        [sys.executable, "-I", "-c", script + f"runpy.run_path({str(file)!r}, run_name='__main__')"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "this verifier needs Python 3.9 or later\n")


# The joiner


def test_every_module_is_in_it_once_behind_all_that_it_needs() -> None:
    modules = {path.relative_to(FOLDER).with_suffix("") for path in FOLDER.rglob("*.py") if path.stem != "__init__"}
    parts = [line.split(":")[0][2:] for line in joined().splitlines() if line.startswith("# ") and ": " in line]
    found = [part for part in parts if (FOLDER / f"{part}.py").exists()]
    assert sorted(found) == sorted(str(name) for name in modules - {Path("alone"), Path("join")})
    for place, part in enumerate(found):
        assert {each.replace(".", "/") for each in Module(FOLDER, part.replace("/", ".")).own} <= set(found[:place])


def test_it_imports_the_standard_library_only_and_speaks_the_python_that_it_promises() -> None:
    tree = ast.parse(joined(), feature_version=(3, 9))
    names = {name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in (a.name for a in node.names)}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names
    assert "muster" not in {name.partition(".")[0] for name in names}
    compile(tree, "verify.py", "exec")
    assert (ast.get_docstring(tree) or "").startswith("Verify a dossier of a model version: python verify.py")


def test_the_same_sources_are_the_same_bytes_wherever_they_lie(tmp_path: Path) -> None:
    copy = shutil.copytree(FOLDER, tmp_path / "elsewhere")
    made = subprocess.run(
        [sys.executable, "-I", copy / "join.py"], capture_output=True, check=True, env={}, cwd=tmp_path
    )
    assert made.stdout.decode() == joined()


@pytest.mark.parametrize(
    ("added", "why"),
    [
        ("def need() -> None: ...", "both define need"),
        ("class Fact: ...", "both define Fact"),
        ("DAY, P = 1, 2", "both define P"),
        ("import muster.records.canonical", "write `from muster.verifier.x import name`"),
        ("import json as js", "by that name, on top"),
        ("from muster.verifier.proof.canonical import need as must", "by that name, on top"),
        ("def late() -> None:\n    from muster.verifier.proof import curves", "by that name, on top"),
        ("LATER: int = 1", "only functions, classes and constants"),
        ("for each in (): ...", "only functions, classes and constants"),
    ],
)
def test_what_would_mean_something_else_in_one_file_is_refused(tmp_path: Path, added: str, why: str) -> None:
    copy = shutil.copytree(FOLDER, tmp_path / "copy")
    path = copy / "report.py"
    path.write_text(path.read_text(encoding="utf-8") + f"\n\n{added}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=re.escape(why)):
        joined(copy)


def test_one_file_and_many_say_the_same_to_the_byte(
    scene: Scene, dossier: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = refused(tmp_path / "refused")
    cut = members_of(dossier)
    cut["checkpoint.txt"] = cut["checkpoint.txt"].replace(b"\n", b" \n", 1)
    contents = {
        (0, scene.house.fingerprint): dossier,
        (0, other.house.fingerprint): other.dossier(),
        (1, scene.house.fingerprint): packed(cut),
        (1, "sha256:" + "0" * 64): dossier,
        (2, "none"): dossier,
    }
    other.close()
    for (code, root), content in contents.items():
        alone = run(content, "--root", root, folder=tmp_path)
        assert main([str(tmp_path / "dossier.zip"), "--root", root]) == alone.returncode == code
        assert capsys.readouterr() == (alone.stdout, alone.stderr)
