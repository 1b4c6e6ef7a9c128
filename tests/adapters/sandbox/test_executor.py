"""The executor: what goes in comes out, nothing of ours comes along, and every way to fail has its reason."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from tests.adapters.sandbox.walled import worker

from muster.adapters.sandbox.executor import SandboxExecutor
from muster.adapters.sandbox.walls import Limits
from muster.ports.executor import TaskFailed


def run(program: str, arguments: dict[str, Any] | None = None, **options: Any) -> dict[str, Any]:
    return worker(program, **options).run("probe", arguments or {}, {}, lambda _: None)[0]


def test_files_and_progress_come_back_with_the_result() -> None:
    program = """
say(isolation=raise_walls())
say(progress="half \\x1b[31mway")
folder = Path(given["folder"])
(folder / "out" / "back.bin").write_bytes((folder / "in" / "a.bin").read_bytes()[::-1])
say(result={"task": request["task"], "cwd": os.getcwd() == str(folder / "tmp")})
"""
    lines: list[str] = []
    result, files = worker(program).run("probe", {}, {"a.bin": b"abc"}, lines.append)
    assert files == {"back.bin": b"cba"}
    assert lines == ["half  [31mway"]
    assert (result["task"], result["cwd"]) == ("probe", True)
    assert result["isolation"]["network"] == "denied by seccomp"


def test_the_environment_of_the_caller_stays_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSTER_TOKEN", "secret")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy")
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    result = run('say(result={"names": sorted(os.environ), "path": sys.path})')
    assert not {"MUSTER_TOKEN", "HTTPS_PROXY", "PYTHONPATH"} & set(result["names"])
    assert "/elsewhere" not in result["path"]
    assert set(result["names"]) >= {"HOME", "TMPDIR", "OMP_NUM_THREADS"}


@pytest.mark.parametrize(
    ("program", "limits", "why"),
    [
        ("os.abort()", {}, "crashed with SIGABRT"),
        ("ctypes.string_at(0)", {}, "crashed with SIGSEGV"),
        ("os.kill(os.getpid(), 9)", {}, "killed from outside"),
        ("raise SystemExit(3)", {}, "exit code 3"),
        ("1 / 0", {}, "exit code 1 and no result; its last words: ZeroDivisionError"),
        ("", {}, "exit code 0 and no result"),
        ('say(error="no such column\\x07")', {}, "^no such column $"),
        ('print("not json")', {}, "not JSON"),
        ('print("[1]")', {}, "not a JSON object"),
        ('print(\'{"result": {"auc": NaN}}\')', {}, "not JSON"),
        ("raise_walls()\nwhile True: pass", {"cpu_seconds": 1}, "1 s of processor time"),
        ("import time\ntime.sleep(60)", {"wall_seconds": 0.3}, "more than 0.3 s"),
        ("raise_walls()\nx = bytearray(2**30)", {"memory": 2**29}, "MemoryError"),
        (
            'raise_walls()\n(Path(given["folder"]) / "out" / "x").write_bytes(bytes(10**6))',
            {"file_bytes": 10**5},
            "File too large",
        ),
    ],
)
def test_a_task_that_fails_says_why(program: str, limits: dict[str, Any], why: str) -> None:
    with pytest.raises(TaskFailed, match=why):
        run(program, limits=Limits(**limits))


def test_a_worker_that_stops_listening_is_still_heard() -> None:
    with pytest.raises(TaskFailed, match="exit code 4"):
        SandboxExecutor(program=("-c", "import os; os._exit(4)")).run("x", {"a": "b" * 10**6}, {}, lambda _: None)


@pytest.mark.parametrize(
    "act",
    [
        'os.symlink("/etc/hostname", out / "x")',
        'os.mkfifo(out / "x")',
        '(out / "y").mkdir()',
        '(out / "x").write_text("a"); os.link(out / "x", out / "y")',
        '(out / "x").write_bytes(bytes(2000))',
    ],
)
def test_only_plain_files_of_decent_size_are_taken_back(act: str) -> None:
    program = f'out = Path(given["folder"]) / "out"\n{act}\nsay(result={{}})'
    with pytest.raises(TaskFailed, match="a file that is not taken"):
        run(program, limits=Limits(file_bytes=1000))


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".hidden", "a b"])
def test_files_have_plain_names(name: str) -> None:
    with pytest.raises(ValueError, match="cannot name a file"):
        SandboxExecutor().run("predict", {}, {name: b""}, lambda _: None)


def test_isolation_is_one_of_two_words() -> None:
    with pytest.raises(ValueError, match="'required' or 'best-effort'"):
        SandboxExecutor(isolation="none")  # type: ignore[arg-type]


def test_no_more_workers_run_at_once_than_there_may_be() -> None:
    executor = worker("say(result={})", workers=1)
    told, waits = [], threading.Event()

    def tell(words: str) -> None:
        told.append(words)
        waits.set()

    with executor._turn(tell):
        waiting = threading.Thread(target=executor.run, args=("probe", {}, {}, tell))
        waiting.start()
        waits.wait()
        assert told == ["waiting for another task to end"]
    waiting.join()
    executor.run("probe", {}, {}, tell)
    assert len(told) == 1
