"""What serving a decision costs: us, the servers that teams use, and the HTTP stack alone.

Work: German credit data, logistic regression and gradient boosting, 1 row and 100 rows, 1, 8 and 32 connections. Us:
the gateway as an operator starts it, one process, with every guard, the log on disk, and admission by signed orders.
Peers: each in an environment of its own, with the same pipeline fitted there: FastAPI with pandas, MLflow, MLServer,
BentoML, LitServe and Ray Serve (its throughput options on). Limit: our HTTP stack (uvicorn, uvloop, httptools) with
nothing behind it.

wrk on one core, the server on another. Echo, us, FastAPI and one peer are loaded in turn, peer after peer, so that what
the machine does besides meets all of them. Processor time a request is that of the whole process tree, threads that
write the log included. Ratios are taken in each turn, and their median is the figure: ``cpu_over_echo`` is ours over
the limit's, the other two theirs over ours.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from pathlib import Path
from typing import NamedTuple

from benchmarks.report import close, table
from benchmarks.serving import bodies, house
from benchmarks.serving.load import Door, Run, Server, answer, load, require_wrk, started
from benchmarks.serving.servers import BASELINE, PEERS, Recipe, peer

CONNECTIONS = (1, 8, 32)
PORT = 18600
OURS, ECHO = "muster", "echo"


class Turn(NamedTuple):
    """One load of one server; turns of one number were run one after the other."""

    number: int
    server: str
    model: str
    rows: int
    connections: int
    run: Run


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="./run bench serving", description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=int, default=2, help="of each load, a whole number: wrk takes no other")
    parser.add_argument("--peers", default=",".join(PEERS), help="those to run beside FastAPI")
    parser.add_argument("--models", default=",".join(house.LEARNERS))
    asked = parser.parse_args(arguments)
    require_wrk()
    peers = [name for name in asked.peers.split(",") if name]
    if unknown := sorted(set(peers) - set(PEERS)):
        sys.exit(f"no peer {', '.join(unknown)}: there are {', '.join(PEERS)}")
    with tempfile.TemporaryDirectory() as folder:
        turns, memory = measure(Path(folder), peers, asked.models.split(","), asked.seconds)
    show(turns, memory)
    close("serving", figures(turns, memory))


def measure(
    folder: Path, peers: Sequence[str], models: Sequence[str], seconds: float
) -> tuple[list[Turn], dict[tuple[str, int], float]]:
    """Run every turn; return them, and the memory of each server after loads of so many rows, MiB."""
    print("founding a house, and walking both models to a deployment", file=sys.stderr)
    walked = house.furnish(folder / "house")
    walked.close()
    turns: list[Turn] = []
    memory: dict[tuple[str, int], float] = {}
    for model in models:
        for turn in _with_each(folder, walked, model, peers, seconds, memory):
            turns.append(turn)
            _progress(turn)
    return turns, memory


def _with_each(
    folder: Path,
    walked: house.Walked,
    model: str,
    peers: Sequence[str],
    seconds: float,
    memory: dict[tuple[str, int], float],
) -> Iterator[Turn]:
    """Load echo, us and the baseline beside each peer in turn; by themselves where there is none."""
    with ExitStack() as running:
        ours = running.enter_context(started(OURS, *_ours(walked, model), folder / "muster.log"))
        echo = running.enter_context(started(ECHO, *_echo(len(answer(ours))), folder / "echo.log"))
        always = [echo, ours, running.enter_context(_peer(BASELINE, model, folder, 3))]
        for place, name in enumerate(peers or [""]):
            with _peer(name, model, folder, 10) if name else nullcontext() as other:
                yield from _turns(100 * place, [*always, other] if other else always, model, seconds, memory)


def _turns(
    number: int, servers: Sequence[Server], model: str, seconds: float, memory: dict[tuple[str, int], float]
) -> Iterator[Turn]:
    for rows in bodies.ROWS:
        for server in servers:
            load(server, rows, 8, 1.0)  # warm
        for connections in CONNECTIONS:
            number += 1
            for server in servers:
                yield Turn(number, server.name, model, rows, connections, load(server, rows, connections, seconds))
        for server in servers:
            memory[server.name, rows] = max(memory.get((server.name, rows), 0.0), server.memory_mib())


def _echo(size: int) -> tuple[list[str | Path], Door]:
    made = Recipe(
        [sys.executable, Path(__file__).with_name("echo.py"), str(PORT + 1), str(size)],
        Door(f"http://127.0.0.1:{PORT + 1}/", bodies.bodies(bodies.records)),
    )
    return list(made.command), made.door


def _ours(walked: house.Walked, model: str) -> tuple[list[str], Door]:
    door = Door(f"http://127.0.0.1:{PORT + 2}/predict/{model}", bodies.bodies(bodies.plainly))
    return house.gateway(walked, PORT + 2), door


def _peer(name: str, model: str, folder: Path, port: int) -> AbstractContextManager[Server]:
    made = peer(name, model, PORT + port, folder)
    return started(name, made.command, made.door, folder / f"{name}.log", **made.environment)


def ratios(turns: Sequence[Turn], rows: int, peers: Sequence[str]) -> dict[str, float]:
    """Return the figures of loads of so many rows; the memory is not among them."""
    by_number: dict[tuple[str, int], dict[str, Turn]] = {}
    for turn in turns:
        if turn.rows == rows:
            by_number.setdefault((turn.model, turn.number), {})[turn.server] = turn
    over_echo = [each[OURS].run.cpu_us / each[ECHO].run.cpu_us for each in by_number.values()]
    over_us = {
        name: [each[name].run.cpu_us / each[OURS].run.cpu_us for each in by_number.values() if name in each]
        for name in (BASELINE, *peers)
    }
    crowded = [each for each in by_number.values() if each[OURS].connections == max(CONNECTIONS)]
    waits = [
        each[OURS].run.p99 / turn.run.p50 for each in crowded for name, turn in each.items() if name not in (OURS, ECHO)
    ]
    found = {
        "cpu_over_echo": statistics.median(over_echo),
        "fastapi_pandas_ratio": statistics.median(over_us[BASELINE]),
    }
    if peers:
        found["best_peer_ratio"] = min(statistics.median(over_us[name]) for name in peers)
        found["p99_over_best_peer_p50"] = max(waits)
    return found


def figures(turns: Sequence[Turn], memory: dict[tuple[str, int], float]) -> dict[str, float]:
    """Return every figure by name, those of a hundred rows with their suffix."""
    peers = sorted({turn.server for turn in turns} - {OURS, ECHO, BASELINE})
    found: dict[str, float] = {}
    for rows in bodies.ROWS:
        suffix = "" if rows == 1 else f"_{rows}rows"
        for name, value in {**ratios(turns, rows, peers), "memory_mib": memory[OURS, rows]}.items():
            found[name + suffix] = value
    return found


def show(turns: Sequence[Turn], memory: dict[tuple[str, int], float]) -> None:
    """Print a line for each server and sort of work: medians over its turns."""
    lines = []
    for key in dict.fromkeys((turn.server, turn.model, turn.rows, turn.connections) for turn in turns):
        runs = [turn.run for turn in turns if (turn.server, turn.model, turn.rows, turn.connections) == key]
        medians = [statistics.median(getattr(run, name) for run in runs) for name in ("cpu_us", "rate", "p50", "p99")]
        lines.append([*key, *medians, memory[key[0], key[2]]])
    lines.sort(key=lambda line: (line[1], line[2], line[3], line[4]))
    columns = ["server", "model", "rows", "connections", "CPU us", "requests/s", "p50 ms", "p99 ms", "MiB"]
    print(table("serving: medians; CPU of the whole process tree a request", columns, lines))


def _progress(turn: Turn) -> None:
    print(
        f"{turn.server:10} {turn.model:3} {turn.rows:3} rows {turn.connections:2} connections: "
        f"{turn.run.cpu_us:8.0f} us, {turn.run.rate:8.0f}/s, p99 {turn.run.p99:.1f} ms",
        file=sys.stderr,
    )


if __name__ == "__main__":
    if not Path("benchmarks").is_dir():
        sys.exit("run it as: ./run bench serving")
    main(sys.argv[1:])
