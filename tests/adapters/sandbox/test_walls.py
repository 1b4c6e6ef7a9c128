"""The walls hold: from inside there is no network, no key, no other process, and no way to go on without them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from tests.adapters.sandbox.walled import worker

from muster.ports.executor import TaskFailed

ATTEMPTS = """
say(isolation=raise_walls())
import fcntl, socket, subprocess, threading, time
key = arguments["key"]
out = Path(given["folder"]) / "out"
def thread():
    started = threading.Thread(target=lambda: None)
    started.start()
    started.join()
say(result={
    "socket": attempt(socket.socket),
    "unix socket": attempt(lambda: socket.socket(socket.AF_UNIX)),
    "socket pair": attempt(socket.socketpair),
    "read the key": attempt(lambda: open(key).read()),
    "list the key's folder": attempt(lambda: os.listdir(os.path.dirname(key))),
    "overwrite the key": attempt(lambda: open(key, "w")),
    "remove the key": attempt(lambda: os.unlink(key)),
    "read users": attempt(lambda: open("/etc/passwd").read()),
    "environment of the parent": attempt(lambda: open(f"/proc/{os.getppid()}/environ").read()),
    "memory of the parent": attempt(lambda: open(f"/proc/{os.getppid()}/mem", "rb")),
    "signal the parent": attempt(lambda: os.kill(os.getppid(), 0)),
    "limit the parent": attempt(lambda: __import__("resource").prlimit(os.getppid(), 7)),
    "fork": attempt(os.fork),
    "run a program": attempt(lambda: subprocess.run(["/bin/true"])),
    "become a program": attempt(lambda: os.execv("/bin/true", ["true"])),
    "write beside": attempt(lambda: (Path(given["folder"]) / "x").write_text("x")),
    "change what was given": attempt(lambda: (Path(given["folder"]) / "in" / "a").write_text("x")),
    "link the key": attempt(lambda: os.link(key, out / "k")),
    "lay the key open": attempt(lambda: os.chmod(key, 0o666)),
    "lay the key's folder open": attempt(lambda: os.chmod(os.path.dirname(key), 0o777)),
    "give the key away": attempt(lambda: os.chown(key, 65534, 65534)),
    "date the key back": attempt(lambda: os.utime(key, (0, 0))),
    "mark the key": attempt(lambda: os.setxattr(key, "user.x", b"1")),
    "cut the key off": attempt(lambda: os.truncate(key, 0)),
    "slow the parent down": attempt(lambda: os.setpriority(os.PRIO_PROCESS, os.getppid(), 19)),
    "stop the parent's clock": attempt(lambda: os.sched_setscheduler(os.getppid(), 5, os.sched_param(0))),
    "pin the parent": attempt(lambda: os.sched_setaffinity(os.getppid(), {0})),
    "let a pipe signal the parent": attempt(lambda: fcntl.fcntl(0, fcntl.F_SETOWN, os.getppid())),
    "choose the signal of a pipe": attempt(lambda: fcntl.fcntl(0, 10, 9)),
    "memory without a file": attempt(lambda: os.memfd_create("x")),
    "another root folder": attempt(lambda: os.chroot(out)),
    "a name for the machine": attempt(lambda: socket.sethostname("x")),
    "set the clock": attempt(lambda: time.clock_settime(time.CLOCK_REALTIME, time.time())),
    "drop the groups": attempt(lambda: os.setgroups([])),
    "raise the limit": attempt(lambda: __import__("resource").setrlimit(9, (2**40, 2**40))),
    "start a thread": attempt(thread),
    "write a result": attempt(lambda: (out / "r").write_text("x")),
    "write a scratch file": attempt(lambda: __import__("tempfile").TemporaryFile()),
    "read what was given": attempt(lambda: (Path(given["folder"]) / "in" / "a").read_text()),
    "load numpy": attempt(lambda: __import__("numpy")),
})
"""
ALLOWED = {"start a thread", "write a result", "write a scratch file", "read what was given", "load numpy"}


def _try_all(tmp_path: Path) -> dict[str, Any]:
    key = tmp_path / "release.pem"
    key.write_text("secret")
    key.chmod(0o600)
    rights = key.stat().st_mode & 0o777, tmp_path.stat().st_mode & 0o777
    result, _ = worker(ATTEMPTS).run("probe", {"key": str(key)}, {"a": b"given"}, lambda _: None)
    assert key.read_text() == "secret"
    assert (key.stat().st_mode & 0o777, key.parent.stat().st_mode & 0o777) == rights
    return result


def test_nothing_outside_can_be_reached_and_the_work_can_be_done(tmp_path: Path) -> None:
    if not os.access(tmp_path, os.W_OK):
        pytest.skip("no folder to keep a key in")
    result = _try_all(tmp_path)
    walls = result.pop("isolation")
    assert {what for what, how in result.items() if how == "done"} <= ALLOWED | _open_without_landlock(walls)
    assert {what: result[what] for what in ALLOWED} == dict.fromkeys(ALLOWED, "done")
    assert result["socket"] == result["fork"] == result["run a program"] == "PermissionError"


def _open_without_landlock(walls: dict[str, str]) -> set[str]:
    """An old kernel leaves files open, and then the result must have said so."""
    if walls["files"].startswith("denied by landlock"):
        return set()
    assert walls["files"].startswith("not denied")
    kept = ("key", "users", "parent", "beside", "given")
    return {what for what in ATTEMPTS.split('"') if any(word in what for word in kept)}


def test_without_a_filter_nothing_runs_unless_told_so_and_then_it_is_said() -> None:
    program = "seccomp.confine = lambda: False\nsay(isolation=raise_walls())\nsay(result={})"
    with pytest.raises(TaskFailed, match="cannot keep a worker from the network"):
        worker(program).run("probe", {}, {}, lambda _: None)
    result, _ = worker(program, isolation="best-effort").run("probe", {}, {}, lambda _: None)
    assert result["isolation"]["network"] == "not denied"


@pytest.mark.parametrize(
    ("broken", "what"),
    [
        ("seccomp.confine = lambda: True", "could open a socket"),
        ("landlock.confine = lambda *_: 7", "could list the root folder"),
    ],
)
def test_a_wall_that_does_not_stand_stops_the_worker(broken: str, what: str) -> None:
    with pytest.raises(TaskFailed, match=what):
        worker(f"{broken}\nraise_walls()\nsay(result={{}})").run("probe", {}, {}, lambda _: None)


def test_without_landlock_the_result_says_that_files_are_open() -> None:
    program = "landlock.confine = lambda *_: 0\nsay(isolation=raise_walls())\nsay(result={})"
    result, _ = worker(program).run("probe", {}, {}, lambda _: None)
    assert result["isolation"]["files"] == "not denied: this kernel has no landlock"
