"""How long the command line takes to start: what a person waits for at every call.

Us: ``import muster`` and ``muster --help``. Peers: a bare interpreter, which is the limit, and a greeting in typer, the
cost of the framework without us. Whole processes with their .pyc files present, interleaved, median of n rounds.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.report import close, table

HELLO = """
import typer
app = typer.Typer()
@app.command()
def hello(name: str = "you") -> None: print(name)
@app.command()
def bye(name: str = "you") -> None: print(name)
app(["--help"])
"""
COMMANDS = {
    "python -c pass (the limit)": ("-c", "pass"),
    "import muster": ("-c", "import muster"),
    "muster --help": ("-m", "muster.cli.main", "--help"),
    "typer greeting --help (the framework)": ("-c", HELLO),
}


def once(arguments: tuple[str, ...]) -> float:
    """Return the wall-clock seconds of one process, start to end."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    return time.perf_counter() - begun


def main(rounds: int = 15) -> None:
    for arguments in COMMANDS.values():
        once(arguments)  # writes the .pyc files
    taken: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(rounds):
        for name, arguments in COMMANDS.items():
            taken[name].append(once(arguments))
    median = {name: statistics.median(seconds) for name, seconds in taken.items()}
    bare, imported, help_, hello = median.values()
    rows = [[name, median[name], min(taken[name]), max(taken[name]), median[name] / bare] for name in COMMANDS]
    print(
        table(
            f"start: seconds a process, {rounds} rounds interleaved",
            ["what", "median", "least", "most", "over bare"],
            rows,
        )
    )
    close(
        "start",
        {"import_s": imported, "help_s": help_, "bare_s": bare, "typer_s": hello, "help_over_typer": help_ / hello},
    )


if __name__ == "__main__":
    if not Path("benchmarks").is_dir():
        sys.exit("run it as: ./run bench start")
    main(*map(int, sys.argv[1:]))
