from __future__ import annotations

import pytest

from muster.columns.packages.reading.commands import Word, listed, read
from muster.records.language.packages import Ecosystem

PYPI, NPM, CONDA = Ecosystem.PYPI, Ecosystem.NPM, Ecosystem.CONDA


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("pip install requests flask", "requests flask"),
        ('pip install -U "requests[socks]>=2,<3" -r requirements.txt -t lib rich', "requests rich"),
        ("python3 -m pip install --user 'httpx<1'", "httpx"),
        ("python3 -mpip install one", "one"),
        ("pip install ^\n  one `\n  two", "one two"),
        ("venv/bin/pip install mypy", "mypy"),
        ("pip3.11 install zed", "zed"),
        ("sudo pip install a-b && npm i left-pad@1 @types/node@20", "a-b left-pad @types/node"),
        ("uv add polars; uv pip install duckdb", "polars duckdb"),
        ("uvx ruff check .", "ruff"),
        ("uv run --with rich,httpx app.py", "rich httpx"),
        ("uv tool install --with x-plugin black", "x-plugin black"),
        ("poetry add pandas@^2 --group dev", "pandas"),
        ("pipx inject env one two", "one two"),
        ("pipx run --spec black==24 black .", "black"),
        ("pdm add loguru", "loguru"),
        ("pipenv install requests --dev", "requests"),
        ("conda install -c conda-forge numpy=1.26 conda-forge::scipy", "numpy scipy"),
        ("conda create -n env python=3.11 -y", "python"),
        ("mamba install -y polars", "polars"),
        ("npx create-react-app my-app", "create-react-app"),
        ("npm create vite@latest my-app -- --template react", "create-vite"),
        ("npm init @scope/x", "@scope/create-x"),
        ("yarn add -D jest && yarn global add serve", "jest serve"),
        ("pnpm dlx degit a/b x", "degit"),
        ("bun add foo@npm:bar@1", "bar"),
        ("bunx cowsay hi", "cowsay"),
        ("deno add npm:chalk jsr:@std/path", "chalk"),
        ('RUN ["pip", "install", "flask"]', "flask"),
        ("pip install --config-settings=cmake.X='100;120' lightgbm", "lightgbm"),
        ("pip install --with='a' b", "b"),
        ("pip install \\\n  one \\\n  two\nthree", "one two"),
        ("pip install ./local ../up . dist/x.whl -e .", ""),
        ("pip install -r requirements.txt", ""),
        ("pip uninstall -y flask && pip list && npm ci && npm run build && yarn", ""),
        ("pip install one # not two", "one"),
        ("pip install one > log.txt", "one"),
    ],
)
def test_every_installer_is_read_as_it_reads_itself(command: str, expected: str) -> None:
    found = read(command)
    assert [each.name for each in found] == expected.split()
    assert all(each.text in command for each in found)


def test_tools_of_each_kind_name_packages_of_their_own_index() -> None:
    assert [each.ecosystem for each in read("pip install a; npm i b; conda install c")] == [PYPI, NPM, CONDA]


def test_an_index_that_is_named_stands_with_every_package() -> None:
    found = read("pip install torch torchvision --index-url https://index.example/whl")
    assert [each.index for each in found] == ["https://index.example/whl"] * 2
    (alone,) = read("pip install -r x.txt --extra-index-url https://index.example")
    assert (alone.name, alone.index) == ("", "https://index.example")


def test_repositories_are_read_as_where_a_package_comes_from() -> None:
    git = "git+https://code.example/team/tool-kit.git@v1"
    assert [(each.name, each.index) for each in read(f"pip install {git}")] == [("tool-kit", git)]
    assert [(each.name, each.index) for each in read("npm i team/thing")] == [("thing", "team/thing")]


def test_in_a_sentence_names_end_where_words_go_on() -> None:
    assert [each.name for each in read("run pip install foo, then go", prose=True)] == ["foo"]
    assert [each.name for each in read("pip install requests if you like", prose=True)] == ["requests"]
    assert read("pip install and enjoy", prose=True) == []
    assert [each.name for each in read("x  # or pip install onnx for more")] == ["onnx"]


def test_what_stands_for_a_name_is_still_seen() -> None:
    assert [each.name for each in read("pip install <package-name> $X {name}")] == ["<package-name>", "$X", "{name}"]


def test_words_of_a_call_are_read_without_what_is_no_text() -> None:
    words = [Word(word, place) for place, word in enumerate(("-m", "pip", "install", "foo"))]
    assert [each.name for each in listed(words)] == ["foo"]
    assert listed([Word("ls", 0)]) == []
