from __future__ import annotations

import pytest

from muster.columns.packages.reading import specs
from muster.columns.packages.reference import Means
from muster.records.language.packages import Ecosystem


@pytest.mark.parametrize(
    ("text", "name", "index"),
    [
        ("requests", "requests", ""),
        ("requests[socks]>=2,<3; python_version<'3.9'", "requests", ""),
        ("pkg @ https://files.example/pkg.whl", "pkg", "https://files.example/pkg.whl"),
        ("pandas@^2", "pandas", ""),
        ("git+ssh://git@code.example/a/b-c.git#egg=named", "named", "git+ssh://git@code.example/a/b-c.git#egg=named"),
        (
            "https://files.example/some_tool-1.2-py3-none-any.whl",
            "some_tool",
            "https://files.example/some_tool-1.2-py3-none-any.whl",
        ),
    ],
)
def test_requirements_of_python(text: str, name: str, index: str) -> None:
    found = specs.python(text, 3, Means.COMMAND)
    assert found is not None
    assert (found.name, found.index, found.start, found.end) == (name, index, 3, 3 + len(text))


@pytest.mark.parametrize("text", ["", ".", "./x", "../x", "/x/y", "~/x", "C:\\x", "a.whl", "x.tar.gz", "file:x"])
def test_paths_on_the_readers_own_disk_are_no_packages(text: str) -> None:
    assert specs.python(text, 0, Means.COMMAND) is None


@pytest.mark.parametrize(
    ("text", "name", "index"),
    [
        ("left-pad@1.3.0", "left-pad", ""),
        ("@types/node@20", "@types/node", ""),
        ("@types/node", "@types/node", ""),
        ("alias@npm:real@2", "real", ""),
        ("npm:chalk", "chalk", ""),
        ("github:team/tool", "tool", "github:team/tool"),
        ("team/tool#main", "tool", "team/tool#main"),
        ("tool@git+https://code.example/tool.git", "tool", "git+https://code.example/tool.git"),
    ],
)
def test_packages_of_npm(text: str, name: str, index: str) -> None:
    found = specs.of(Ecosystem.NPM, text, 0, Means.COMMAND)
    assert found is not None
    assert (found.name, found.index) == (name, index)


def test_an_index_on_the_readers_own_disk_is_none_from_elsewhere() -> None:
    assert all(map(specs.local, ("./wheels", "../x", "/srv/wheels", "~/w", "C:\\w", "internal")))
    assert not any(map(specs.local, ("https://index.example", "index.example/simple", "git+ssh://x")))


def test_files_and_packages_of_another_index_are_left_out() -> None:
    assert specs.npm("./x", 0, Means.COMMAND) is None
    assert specs.npm("jsr:@std/path", 0, Means.COMMAND) is None
