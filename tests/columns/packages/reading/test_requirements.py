from __future__ import annotations

from tests.columns.packages.reading.reading import names, read

from muster.columns.packages.reading.requirements import Ini, Requirements


def test_one_requirement_a_line() -> None:
    text = "requests>=2.31 ; python_version > '3.8'\n# comment\n\n-r x.txt\n"
    text += "flask==3 \\\n  --hash=sha256:00\n-e .\nrich # why\n"
    assert names(Requirements(), text) == ["requests", "flask", "rich"]


def test_an_index_holds_for_what_follows() -> None:
    found = read(Requirements(), "a\n--index-url https://index.example\nb\n")
    assert [(each.name, each.index) for each in found] == [
        ("a", ""),
        ("", "https://index.example"),
        ("b", "https://index.example"),
    ]


def test_a_folder_of_wheels_is_no_index_from_elsewhere() -> None:
    assert names(Requirements(), "--find-links ./wheels\na\n") == ["a"]


def test_setup_cfg_lists_requirements_below_their_key() -> None:
    text = "[options]\nzip_safe = False\ninstall_requires =\n    attrs>=1\n    b ; x\n\n"
    text += "[options.entry_points]\nconsole_scripts =\n    foo = foo:main\n"
    assert names(Ini(), text) == ["attrs", "b"]
    assert names(Ini(), "[options.extras_require]\ndev = pytest\n    tox\n") == ["pytest", "tox"]
    assert names(Ini(), "[testenv]\ndeps =\n    pytest\n    py: mock\ncommands = pytest\n") == ["pytest", "mock"]
