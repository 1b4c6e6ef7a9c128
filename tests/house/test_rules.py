"""The house rules of the design, asserted on every file. A failure lists each place and what to do."""

import ast
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
import yaml
from tests.house import measure

SOURCE = measure.python("src")
EVERY = measure.python("src", "tests", "benchmarks", "docs")
PACKAGES = {path.parent.relative_to(measure.ROOT / "src") for path in SOURCE if path.name == "__init__.py"}

BANNED = {
    "common",
    "misc",
    *(
        word + end
        for word in ("util", "helper", "base", "manager", "handler", "service", "processor")
        for end in ("", "s")
    ),
}
MIRRORED = {path.parts[-1] for path in (measure.ROOT / "src/muster").iterdir() if (path / "__init__.py").exists()}
MACHINE = re.compile(
    r"/[r]oot/|/[h]ome/[a-z]|/[w]ork/(main|shared)|/[o]pt/(pypi|wheels)|[p]ypi\.org|[p]ythonhosted\.org|[n]pmjs\."
)
"""Paths of a machine and hosts of registries; the brackets keep this line from finding itself."""


def refuse(faults: Iterable[str], advice: str) -> None:
    """Fail with the list of places."""
    if found := sorted(set(faults)):
        pytest.fail(f"{advice}:\n  " + "\n  ".join(found), pytrace=False)


def test_files_are_short() -> None:
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in EVERY}
    refuse(
        (f"{measure.where(path)} has {n}" for path, n in lines.items() if n > 300),
        "a file has at most 300 lines; split it by noun",
    )


def test_functions_are_short() -> None:
    found = ((path, node, measure.length(node)) for path in EVERY for node in measure.functions(path))
    refuse(
        (f"{measure.where(path, node)} has {n}" for path, node, n in found if n > 40),
        "a function has at most 40 lines; give a part of it a name",
    )


def test_functions_are_simple() -> None:
    found = ((path, node, measure.complexity(node)) for path in EVERY for node in measure.functions(path))
    refuse(
        (f"{measure.where(path, node)} has {n}" for path, node, n in found if n > 12),
        "cognitive complexity is at most 12; turn cases around or give them names",
    )


def test_folders_are_small() -> None:
    count = Counter(path.parent for path in EVERY if path.name not in {"__init__.py", "conftest.py"})
    refuse(
        (f"{measure.where(folder)} has {n}" for folder, n in count.items() if n > 12),
        "a folder has at most 12 files; find the nouns in it",
    )


def test_ports_are_few() -> None:
    ports = [path for path in SOURCE if path.parent.name == "ports" and path.name != "__init__.py"]
    assert 0 < len(ports) <= 12, [path.name for path in ports]


def test_names_say_something() -> None:
    faults = (
        measure.where(path, node)
        for path in EVERY
        for name, node in measure.names(path)
        if measure.words(name) & BANNED
    )
    refuse(faults, f"names must say what a thing is; banned are {', '.join(sorted(BANNED))}")


def test_mocks_are_rare() -> None:
    tests = [
        node for path in measure.python("tests") for node in measure.functions(path) if node.name.startswith("test_")
    ]
    text = "\n".join(path.read_text(encoding="utf-8") for path in measure.python("tests") if path != Path(__file__))
    mocks = re.findall(r"\b(?:Magic|Async)?Mock\(|\bpatch(?:\.\w+)?\(|monkeypatch\.(?:setattr|setitem)\(", text)
    assert len(mocks) * 100 <= 5 * len(tests), (
        f"{len(mocks)} mocks in {len(tests)} tests; hand in a real thing or a small fake of a port"
    )


def test_every_source_file_with_code_has_its_test() -> None:
    coded = [path for path in SOURCE if path.name not in {"__init__.py", "__main__.py"} and measure.has_code(path)]
    expected = {path: _test_of(path) for path in coded}
    refuse(
        (f"{measure.where(path)} needs {measure.where(test)}" for path, test in expected.items() if not test.exists()),
        "tests mirror src one to one",
    )


def test_every_test_has_its_source_file() -> None:
    mirrors = [
        path
        for path in measure.python("tests")
        if path.name.startswith("test_") and path.relative_to(measure.ROOT).parts[1] in MIRRORED
    ]
    refuse(
        (
            f"{measure.where(path)} has no {_source_of(path)}"
            for path in mirrors
            if not (measure.ROOT / _source_of(path)).exists()
        ),
        "tests mirror src one to one; what goes through the doors is in tests/stories",
    )


def _test_of(source: Path) -> Path:
    inside = source.relative_to(measure.ROOT / "src/muster")
    return measure.ROOT / "tests" / inside.with_name(f"test_{inside.name}")


def _source_of(test: Path) -> Path:
    inside = test.relative_to(measure.ROOT / "tests")
    return Path("src/muster") / inside.with_name(inside.name.removeprefix("test_"))


def test_files_are_imported_not_packages() -> None:
    faults = (
        f"{measure.where(path, node)} imports {name}"
        for path in EVERY
        for node in ast.walk(measure.tree(path))
        for name in _packages(node)
    )
    refuse(faults, "import the file, never the package: from muster.records.evidence import Figure")


def _packages(node: ast.AST) -> Iterable[str]:
    if isinstance(node, ast.Import):
        named = {alias.name for alias in node.names}
    elif isinstance(node, ast.ImportFrom) and node.module:
        modules = [Path(*node.module.split("."), alias.name) for alias in node.names]
        named = {node.module} if not all(map(_is_module, modules)) else set()
    else:
        named = set()
    return [name for name in named if name.startswith("muster.") and Path(*name.split(".")) in PACKAGES]


def _is_module(dotted: Path) -> bool:
    place = measure.ROOT / "src" / dotted
    return place.with_suffix(".py").exists() or place.is_dir()


@pytest.mark.parametrize("floor", ["columns", "checks", "guards", "rules", "records"])
def test_computing_floors_touch_no_files(floor: str) -> None:
    opening = {"open", "print", "input", "exec", "eval", "breakpoint", "__import__"}
    calls = (
        (path, node)
        for path in measure.python(f"src/muster/{floor}")
        for node in ast.walk(measure.tree(path))
        if isinstance(node, ast.Call)
    )
    refuse(
        (
            measure.where(path, node)
            for path, node in calls
            if isinstance(node.func, ast.Name) and node.func.id in opening
        ),
        "this floor does no I/O; hand the bytes in",
    )


def test_suppressions_give_their_reason() -> None:
    marks = re.compile(r"#\s*noqa(?P<reason>: [A-Z]+\d+(, [A-Z]+\d+)* - .+)?")
    faults = (
        f"{measure.where(path)}:{number}"
        for path in EVERY
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (found := marks.search(line)) and not found["reason"] and path != Path(__file__)
    )
    refuse(faults, "a suppression names its rule and its reason: `noqa: X - why`")


def test_nothing_names_this_machine_or_a_registry() -> None:
    texts = ((path, _text(path)) for path in measure.tracked())
    refuse(
        (f"{measure.where(path)}: {found.group()}" for path, text in texts if (found := MACHINE.search(text))),
        "files must read the same everywhere",
    )


def _text(path: Path) -> str:
    content = path.read_bytes()
    return "" if b"\0" in content[:8192] else content.decode("utf-8", errors="replace")


@pytest.mark.parametrize(("endings", "read"), [((".json",), json.loads), ((".yaml", ".yml"), yaml.safe_load)])
def test_every_data_file_parses(endings: tuple[str, ...], read: Callable[[str], object]) -> None:
    faults = []
    for path in (path for path in measure.tracked() if path.suffix in endings):
        try:
            read(path.read_text(encoding="utf-8"))
        except (ValueError, yaml.YAMLError) as fault:
            faults.append(f"{measure.where(path)}: {fault}")
    refuse(faults, "a file of this kind must parse")
