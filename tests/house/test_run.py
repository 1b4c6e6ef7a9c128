"""The front door, ./run, in a folder of its own with stand-ins for Python; CI sees it install, from an empty home."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = ("sh", "cat", "cksum", "dirname", "mkdir", "mv", "rm", "sed", "tail", "env")
ECHO = '#!/bin/sh\necho "${PYTHONDONTWRITEBYTECODE-unset}" "$PWD" "$@"\n'


def program(path: Path, text: str) -> None:
    """Write an executable script."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """Return a folder with ./run and the locks, whose PATH has the tools of a bare machine and no Python."""
    root = tmp_path / "a house"
    root.mkdir()
    for name in ("run", "pyproject.toml", "requirements.lock", "requirements-uv.lock"):
        shutil.copy(ROOT / name, root)
    for tool in TOOLS:
        (tmp_path / "bin").mkdir(exist_ok=True)
        (tmp_path / "bin" / tool).symlink_to(shutil.which(tool))
    return root


def call(house: Path, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Call ./run as a stranger would: nothing in the environment but PATH and HOME."""
    environment = {"PATH": str(house.parent / "bin"), "HOME": str(house.parent), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [house / "run", *arguments], cwd=cwd or house, env=environment, capture_output=True, text=True, check=False
    )


def built(house: Path) -> None:
    """Pretend that everything is installed: a Python that says what it was asked, and the stamp."""
    program(house / ".venv/bin/python", ECHO)
    parts = ["requirements.lock", "pyproject.toml"]
    (house / ".venv/pyvenv.cfg").write_text("version = 3\n")
    content = b"".join((house / part).read_bytes() for part in [*parts, ".venv/pyvenv.cfg"])
    checksum = subprocess.run(["cksum"], input=content, capture_output=True, check=True).stdout.decode()
    (house / ".venv/.built").write_text(f"{checksum}{house}\n")


def test_alone_it_lists_what_it_can_do(house: Path) -> None:
    said = call(house)
    assert said.returncode == 0
    for command in ("demo", "muster", "up", "serve", "test", "check", "bench", "docs", "lock"):
        assert f"./run {command} " in said.stdout


def test_an_unknown_command_is_refused_with_the_list(house: Path) -> None:
    said = call(house, "rehearse")
    assert said.returncode == 2
    assert "there is no './run rehearse'" in said.stderr
    assert "./run demo" in said.stderr


@pytest.mark.parametrize(
    ("asked", "done"),
    [
        (["demo"], "-m muster.cli.main demo"),
        (["up", "--port", "0"], "-m muster.cli.main up --port 0"),
        (["serve"], "-m muster.cli.main serve"),
        (["muster", "ledger", "verify"], "-m muster.cli.main ledger verify"),
        (["test", "-k", "a b"], "-m pytest --numprocesses=2 --dist=worksteal -k a b"),
        (["check", "types"], "-m tests.house.check types"),
        (["docs"], "-m docs.generate"),
    ],
)
def test_a_built_environment_is_used_at_once(house: Path, asked: list[str], done: str) -> None:
    built(house)
    said = call(house, *asked)
    assert (said.returncode, said.stdout, said.stderr) == (0, f"unset {house} {done}\n", "")


def test_files_named_to_muster_are_those_of_the_callers_folder(house: Path) -> None:
    built(house)
    assert call(house, "muster", "x.csv", cwd=house.parent).stdout.split(" -m ")[0] == f"unset {house.parent}"
    assert call(house, "test", cwd=house.parent).stdout.split(" -m ")[0] == f"unset {house}"


def test_a_benchmark_that_does_not_exist_lists_those_that_do(house: Path) -> None:
    built(house)
    for name in ("start", "ledger"):
        program(house / f"benchmarks/{name}/__main__.py", "")
    assert call(house, "bench", "restart").stderr == "muster: which benchmark? There are: ledger start\n"
    assert call(house, "bench", "start", "3").stdout.endswith("-m benchmarks.start 3\n")


def test_without_python_it_says_what_to_install(house: Path) -> None:
    said = call(house, "demo")
    assert said.returncode == 2
    assert "needs Python 3.11 or newer" in said.stderr


def test_an_old_python_is_none(house: Path) -> None:
    program(house.parent / "bin/python3", "#!/bin/sh\nexit 1\n")
    assert "needs Python 3.11 or newer" in call(house, "demo").stderr


def test_a_python_without_venv_says_which_package_is_missing(house: Path) -> None:
    program(house.parent / "bin/python3", '#!/bin/sh\ncase "$2" in *ensurepip*) exit 1 ;; esac\n')
    said = call(house, "demo")
    assert said.returncode == 2
    assert "apt-get install python3-venv" in said.stderr
    assert not (house / ".venv").exists()


@pytest.mark.parametrize("changed", ["requirements.lock", "pyproject.toml", ".venv/pyvenv.cfg", ".venv/bin/python"])
def test_what_the_environment_was_built_from_decides_whether_it_is_built_again(house: Path, changed: str) -> None:
    built(house)
    (house / changed).write_text("changed")
    (house / changed).chmod(0o644)
    assert "needs Python 3.11 or newer" in call(house, "demo").stderr


def test_without_an_index_it_says_what_is_needed(house: Path) -> None:
    fails = '#!/bin/sh\nmkdir -p "$3/bin" 2>/dev/null\nprintf "#!/bin/sh\\nexit 1\\n" >"$3/bin/python"\n'
    make = f'{fails}"$(command -v chmod || echo /bin/chmod)" 755 "$3/bin/python"\n'
    program(house.parent / "bin/python3", make.replace("\nmkdir", '\n[ "$2" = venv ] || exit 0\nmkdir', 1))
    said = call(house, "demo")
    assert said.returncode == 2
    assert "could not install uv" in said.stderr
    assert "pip config set global.index-url" in said.stderr
    assert "If the disk is full" in said.stderr


def test_a_folder_that_cannot_be_written_is_named(house: Path) -> None:
    program(house.parent / "bin/python3", "#!/bin/sh\n")
    (house / ".uv").write_text("in the way")
    said = call(house, "demo")
    assert said.returncode == 2
    assert f"cannot write to {house}: the environment is built there" in said.stderr
