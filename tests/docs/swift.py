"""Swift: the commands of a page, run by one process that has loaded everything already.

Each is still what people type, with its folder, environment, output and exit code; only Python does not start for each.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from muster.cli.main import run

_TOLD = ("HOME", "MUSTER_", "PIP_", "XDG_")
"""Beginnings of the variables that commands look at."""

_ASK = """
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as there:
    there.connect({path!r})
    kept = {{name: value for name, value in os.environ.items() if name.startswith({told!r})}}
    there.sendall(json.dumps([os.getcwd(), kept, sys.argv[1:]]).encode() + b"\\n")
    code, out, err = json.loads(there.makefile().readline())
sys.stdout.write(out)
sys.stderr.write(err)
sys.exit(code)
"""


@contextlib.contextmanager
def swift(folder: Path) -> Iterator[str]:
    """Answer commands while the page is played; give the shell's definition of ``muster``.

    Gateways, control planes and the verifier of dossiers are processes of their own here, too.
    """
    asking, place = folder / "ask.py", folder / "asked"
    asking.write_text(_ASK.format(path=str(place), told=_TOLD))
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(place))
        listener.listen()
        threading.Thread(target=_answer, args=(listener,), daemon=True).start()
        asked = f'{sys.executable} -S -E {asking} "$@"'
        own = 'command muster "$@"'
        # In the background a server takes the place of the function's shell, so that a signal to it arrives.
        server = f'[ "$BASHPID" = "$$" ] || exec muster "$@"; {own}'
        cases = f"dossier* | *--explain*) {own} ;; serve* | up*) {server} ;; *) {asked} ;;"
        yield f'muster() {{ case "$*" in {cases} esac; }}\n'


def _answer(listener: socket.socket) -> None:
    with contextlib.suppress(OSError):  # the page is over
        while True:
            there, _ = listener.accept()
            with there, there.makefile("rw") as lines:
                lines.write(json.dumps(_run(*json.loads(lines.readline()))) + "\n")


def _run(folder: str, environment: dict[str, str], words: list[str]) -> tuple[int, str, str]:
    out, err, before = io.StringIO(), io.StringIO(), Path.cwd()
    others = {name: value for name, value in os.environ.items() if name.startswith(_TOLD)}
    os.chdir(folder)
    try:
        _settle(others, environment)
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run(words)
    finally:
        _settle(environment, others)
        os.chdir(before)
    return code, out.getvalue(), err.getvalue()


def _settle(old: dict[str, str], new: dict[str, str]) -> None:
    for name in old:
        os.environ.pop(name, None)
    os.environ.update(new)
