"""Landlock: what is granted stays open, by the right that was given, and all else closes."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.adapters.sandbox.walled import worker

from muster.adapters.sandbox import landlock

PROGRAM = """
paths = {name: Path(path) for name, path in arguments.items()}
version = landlock.confine([paths["read"], paths["file"], Path("/nowhere")], [paths["look"]], [paths["write"]])
say(result={
    "version": version,
    "read": attempt(lambda: (paths["read"] / "a").read_text()),
    "write in read": attempt(lambda: (paths["read"] / "a").write_text("x")),
    "file": attempt(paths["file"].read_text),
    "beside file": attempt(paths["file"].with_name("b").read_text),
    "look": attempt(lambda: list(paths["look"].iterdir())),
    "read in look": attempt(lambda: (paths["look"] / "a").read_text()),
    "write": attempt(lambda: (paths["write"] / "c").write_text("x")),
    "make": attempt(lambda: (paths["write"] / "d").mkdir()),
    "link": attempt(lambda: os.symlink("/etc/passwd", paths["write"] / "l")),
})
"""


def test_each_path_gives_what_it_was_granted_for(tmp_path: Path) -> None:
    paths = {name: tmp_path / name for name in ("read", "look", "write", "files")}
    for path in paths.values():
        path.mkdir()
        for name in ("a", "b"):
            (path / name).write_text(name)
    given = {**{name: str(path) for name, path in paths.items()}, "file": str(paths.pop("files") / "a")}
    result, _ = worker(PROGRAM).run("probe", given, {}, lambda _: None)
    if result["version"] == 0:
        pytest.skip("this kernel has no landlock")
    assert {what for what, how in result.items() if how == "done"} == {"read", "file", "look", "write", "make"}


def test_a_kernel_without_landlock_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landlock.platform, "system", lambda: "Darwin")
    assert landlock.confine([], [], []) == 0
